#ifndef PLAY_EVIDENCE_H
#define PLAY_EVIDENCE_H
/**
 * Evidence: files that prove what a transcript tells (screenshots, pages, mails, transfers), kept in
 * one folder, only where somebody asked for it.
 *
 * Names    JOURNEY/STEP-eSEQ-CHANNEL-KIND.EXTENSION below the folder, such as
 *          "001-leaking-kettle/02-e007-contact-page.html": number and name of the journey, number of
 *          its step, seq of the event that names the file. [a-z0-9.-] only.
 * Modes    folders 0700, files 0600: what a company wrote to a customer is private.
 * Again    a journey's files of an earlier run go when its first new one is kept; nothing else in
 *          the folder is touched, and no symbolic link is followed below it.
 * Threads  evidence_keep: any.
 * Secrets  are taken out of text files by the journey's door. Pictures show what a browser shows.
 */
#include "harness/play/door.h"

enum { EVIDENCE_FILE_MAX = 64 * 1024 * 1024, EVIDENCE_NAME_MAX = 160 };

struct evidence;

/** Makes the folder where it is missing. NULL with a diag when nothing could be written into it. */
struct evidence *evidence_open(const char *folder, struct diags *diags);
void evidence_free(struct evidence *e);           /* NULL is fine */

/** Where in the run a file comes from. */
struct evidence_place {
    size_t journey;               /* index in the run */
    const char *journey_name, *channel;
    int step, seq;
    bool first;                   /* the journey's first file */
};

/**
 * @param door  takes the secrets out of text.
 * @param name  of the file below the folder, EVIDENCE_NAME_MAX bytes.
 * @return ST_IO, ST_LIMIT: it was not kept; evidence_problem says why.
 */
MUST_CHECK enum status evidence_keep(struct evidence *e, const struct evidence_place *place,
                                     enum evidence_kind kind, struct door *door,
                                     struct slice bytes, char *name);

/** The first failure, for people; NULL: everything was kept. */
const char *evidence_problem(const struct evidence *e);

#endif
