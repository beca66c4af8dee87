#ifndef PLAY_DATES_H
#define PLAY_DATES_H
/**
 * Dates: a fact that is a date, written as the company wants it written. What stands for the day, the
 * month and the year in such a form ("TT.MM.JJJJ") are the packs' phrases `hear.day` and so on.
 */
#include "harness/play/questions.h"

/** Names the text a form for dates, such as DD/MM/YYYY? */
bool dates_form(const struct question_words *w, const char *text);
/** Is it a date with day, month and year? */
bool dates_is(const struct question_words *w, const char *value);
/** "3 May 1984" for "…(DD/MM/YYYY)": "03/05/1984". NULL: no form is named, or it is no date. */
const char *dates_as_asked(const struct question_words *w, const char *text, const char *value,
                           struct arena *a);

#endif
