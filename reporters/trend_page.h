#ifndef REPORTERS_TREND_PAGE_H
#define REPORTERS_TREND_PAGE_H
/**
 * Trend page: a history as one self-contained HTML page: each journey's score, longest wait and
 * findings over time, as plots and as a table. Everything foreign is escaped.
 */
#include <stdio.h>

#include "harness/model/trend.h"

/** @param language  en, de, fr, fa; NULL = en.  @return ST_OK, or ST_IO when writing failed. */
enum status trend_page(const struct trends *t, const char *language, FILE *out);

#endif
