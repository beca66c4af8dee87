#ifndef TESTS_MAIL_STAGE_H
#define TESTS_MAIL_STAGE_H
/**
 * A stage for the email channel: a few customers, two small servers, and what each customer saw.
 * Failures are cmocka's.
 */
#include "harness/channels/channel.h"
#include "tests/unit/channels/mail_peers.h"

enum { CUSTOMERS = 3, SETTINGS_MAX_BYTES = 512 };

/* One journey: its visit, and what it saw as a line per event. */
struct customer_side {
    struct visit visit;           /* first: the sink finds us by it */
    struct channel_spec spec;
    _Alignas(16) char settings[SETTINGS_MAX_BYTES];
    char id[16];
    struct buf log;
    struct buf matched;           /* why its mails are its own, a line each */
    struct buf echo;              /* what they take up of the customer's words, likewise */
    int seq, dones;
    enum done how;
    bool closed;
    const char *close_on;         /* close the visit from inside this event, as a player may */
};

struct stage {
    struct loop *loop;
    struct arena *arena;
    struct peers peers;
    struct channel_world world;
    struct scenario scenario;
    struct visit_sink sink;
    struct customer_side side[CUSTOMERS];
    int wait_events;              /* stop the loop when that many lines are logged in all */
    int events;
    int secrets;                  /* told to keep */
};

void stage_close_side(struct customer_side *c);
void stage_set(struct stage *s, struct customer_side *c, const char *name, const void *value,
               size_t size);
void stage_set_text(struct stage *s, struct customer_side *c, const char *name, const char *text);
struct stage *stage_new(enum clock_kind clock);
void stage_free(struct stage *s);
void stage_open_side(struct stage *s, int i);
void stage_run(struct stage *s);
void stage_run_until_events(struct stage *s, int count);
enum done stage_act(struct stage *s, int i, enum verb verb, const char *text);
void stage_deliver(struct stage *s, const char *headers, const char *text);
void stage_wait_for(struct stage *s, const char *text);
void stage_expect_once(const char *log, const char *text);

#endif
