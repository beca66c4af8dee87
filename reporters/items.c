#include "reporters/items.h"

#include "harness/base/text.h"

json_t *items_text(const char *s, size_t columns)
{
    CLEANUP(buf_release) struct buf clean = BUF_INIT(VIEW_PART_MAX);
    CLEANUP(buf_release) struct buf cut = BUF_INIT(VIEW_PART_MAX);

    text_add_printable(&clean, slice_str(s));
    text_add_clipped(&cut, buf_slice(&clean), columns);

    json_t *j = json_stringn(cut.ptr, cut.len);

    return j ? j : json_string("");
}

bool items_put(FILE *out, json_t *item, bool first)
{
    bool ok = fputs(first ? "\n" : ",\n", out) != EOF &&
              json_dumpf(item, out, JSON_COMPACT | JSON_REAL_PRECISION(15)) == 0;

    json_decref(item);
    return ok;
}
