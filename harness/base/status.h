#ifndef BASE_STATUS_H
#define BASE_STATUS_H
/**
 * Status: how a function ended. Details, where a person needs them, go to a diags list.
 *
 * Shape  one X-macro row is the enum value, its name and its text.
 */
#define STATUS_LIST(X)                                  \
    X(OK, "ok")                                         \
    X(INVALID, "invalid input")                         \
    X(NOT_FOUND, "not found")                           \
    X(LIMIT, "over a limit")                            \
    X(IO, "cannot read or write")                       \
    X(DENIED, "not allowed")                            \
    X(TIMEOUT, "took too long")                         \
    X(UNSUPPORTED, "not supported here")                \
    X(CANCELLED, "cancelled")

enum status {
#define X(name, text) ST_##name,
    STATUS_LIST(X)
#undef X
    ST_COUNT
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/** Runs fn(&variable) at the end of its scope; fn takes a pointer to the variable. */
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/** "NOT_FOUND" and "not found". Static text; never NULL. */
const char *status_name(enum status st);
const char *status_text(enum status st);

#endif
