/*
 * practice-company: "Kettle & Co", a small company's support to shop at: a contact form, a chat and
 * a support mailbox, with faults to switch on. README.md beside this file.
 */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/company/faults.h"
#include "tests/company/keeper.h"

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: practice-company [options]\n"
    "  --faults LIST    misbehave: names with commas, as ask_twice,slow=3s\n"
    "  --list-faults    print the faults\n"
    "  --manners LIST   when mails are answered: receipt=1h,answer=20d,reply=never;\n"
    "                   same-words: nothing is said in several ways\n"
    "  --virtual-time   time goes on when nobody has anything to do; shopper finds the clock by the\n"
    "                   variable SHOPPER_VIRTUAL_TIME of the line below\n"
    "  --no-mail        web and chat only\n"
    "  --port N         port of the web server (default: any free one)\n"
    "  --host ADDRESS   its loopback address (default 127.0.0.1)\n"
    "  --ledger FILE    append a line for every message received: form, chat or mail, and its words\n"
    "  --dir DIR        make the temporary folder in DIR (default $TMPDIR, else /tmp)\n"
    "Prints one line when all is up: ready COMPANY_URL=... SMTP_URL=... IMAP_URL=...\n"
    "Serves until its standard input ends, or SIGTERM or SIGINT; leaves nothing behind.\n";

static const struct option long_options[] = {
    { "faults", required_argument, NULL, 'f' }, { "list-faults", no_argument, NULL, 'l' },
    { "no-mail", no_argument, NULL, 'n' },      { "port", required_argument, NULL, 'p' },
    { "host", required_argument, NULL, 'h' },   { "dir", required_argument, NULL, 'd' },
    { "ledger", required_argument, NULL, 'L' }, { "manners", required_argument, NULL, 'm' },
    { "virtual-time", no_argument, NULL, 'v' },
    { "help", no_argument, NULL, '?' + 1 },     { NULL, 0, NULL, 0 },
};

static int refuse(const char *what, const char *value)
{
    fprintf(stderr, "practice-company: %s \"%s\"\n", what, value);
    return EXIT_USAGE;
}

static int check_conduct(const struct options *o)
{
    struct faults faults;
    struct manners manners;
    struct diags diags;
    enum status st;

    diags_init(&diags);
    st = faults_parse(o->faults, &faults, &diags);
    if (!st)
        st = manners_parse(o->manners, &manners, &diags);
    for (size_t i = 0; i < diags.count; i++) {
        fprintf(stderr, "practice-company: %s\n", diags.items[i].what);
        if (diags.items[i].hint)
            fprintf(stderr, "  %s\n", diags.items[i].hint);
    }
    diags_release(&diags);
    return st ? EXIT_USAGE : 0;
}

static int check_options(const struct options *o, const char *port, const char *given_dir)
{
    struct in_addr at;

    if (o->port < 0 || o->port > 65535)
        return refuse("not a port", port);
    if (inet_pton(AF_INET, o->host, &at) != 1 || ntohl(at.s_addr) >> 24 != 127)
        return refuse("not a loopback address", o->host);
    if (given_dir && access(given_dir, W_OK | X_OK) != 0)
        return refuse("cannot make a folder in", given_dir);
    return check_conduct(o);
}

static int list_faults(void)
{
    CLEANUP(buf_release) struct buf out = BUF_INIT(8000);

    faults_list(&out);
    fputs(out.ptr, stdout);
    return 0;
}

/* The keeper writes over the arguments: what is kept of them is copied. */
static int read_options(int argc, char **argv, struct options *o)
{
    const char *port = "0", *given_dir = NULL;
    char *end;

    for (int got; (got = getopt_long(argc, argv, "", long_options, NULL)) != -1; ) {
        switch (got) {
        case 'f': o->faults = optarg; break;
        case 'd': o->dir = given_dir = optarg; break;
        case 'h': o->host = optarg; break;
        case 'L': o->ledger = optarg; break;
        case 'm': o->manners = optarg; break;
        case 'v': o->virtual_time = true; break;
        case 'n': o->no_mail = true; break;
        case 'p': port = optarg; break;
        case 'l': exit(list_faults());
        case '?' + 1: fputs(usage, stdout); exit(0);
        default: fputs(usage, stderr); return EXIT_USAGE;
        }
    }
    if (optind < argc)
        return refuse("unexpected argument", argv[optind]);
    long number = strtol(port, &end, 10);
    o->port = *end || end == port || number > 65535 ? -1 : (int)number;
    return check_options(o, port, given_dir);
}

int main(int argc, char **argv)
{
    struct options o = { .faults = "", .manners = "", .dir = getenv("TMPDIR"), .host = "127.0.0.1" };
    int code = read_options(argc, argv, &o);

    if (code)
        return code;

    CLEANUP(mem_freep) char *faults = mem_strdup(o.faults);
    CLEANUP(mem_freep) char *manners = mem_strdup(o.manners);
    CLEANUP(mem_freep) char *dir = mem_strdup(o.dir);
    CLEANUP(mem_freep) char *host = mem_strdup(o.host);
    CLEANUP(mem_freep) char *ledger = mem_strdup(o.ledger);
    o.faults = faults;
    o.manners = manners;
    o.dir = dir;
    o.host = host;
    o.ledger = ledger;
    return keeper_run(&o, argc, argv);
}
