#ifndef MODEL_RESULT_INSIDE_H
#define MODEL_RESULT_INSIDE_H
/** What the files that keep and read results share. */
#include "harness/model/members.h"
#include "harness/model/result.h"

/** A journey from its JSON; NULL, with the reasons in diags, when its transcript cannot be read. Other
 *  errors are in diags alone. */
struct journey_result *journey_result_read(const struct members *m);

#endif
