/* shopper init: a first journey, to be run as it is and then edited. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/data.h"

static const char first_journey[] =
    "# A first journey. It runs as it is against the practice company, and becomes yours line by line:\n"
    "# company, hosts and channels first, then what the customer wants. `shopper check` names mistakes\n"
    "# with its line; `shopper help schema` prints a JSON Schema for your editor.\n"
    "journey: A question by form and chat            # the name in every report\n"
    "language: en                                    # also de, fr, fa\n"
    "customer:\n"
    "  name: Lea Brunner\n"
    "  email: lea@shopper.test\n"
    "  knows: {order_number: A-20117}                # told only when somebody asks for it\n"
    "  patience: {reply: 30s}                        # leaves a chat after that\n"
    "company:\n"
    "  name: Kettle & Co\n"
    "  hosts: [127.0.0.1]                            # the only hosts ever contacted: yours here\n"
    "  promises:                                     # what you publish; leave out what you do not\n"
    "    chat: {first_reply: 30s}\n"
    "channels:                                       # the ways to reach you, by names of your own\n"
    "  contact: {type: form, url: \"{{ env.COMPANY_URL }}/contact\"}\n"
    "  chat: {type: chat, adapter: rest, url: \"{{ env.COMPANY_URL }}/chat\"}\n"
    "  # By mail; addresses and passwords come from the environment:\n"
    "  # inbox: {type: email, to: support@company.test, smtp: \"{{ env.SMTP_URL }}\","
    " imap: \"{{ env.IMAP_URL }}\"}\n"
    "steps:\n"
    "  - fill: contact                               # fields are found by what stands beside them\n"
    "    fields:\n"
    "      Your name: \"{{ customer.name }}\"\n"
    "      Email: \"{{ customer.email }}\"\n"
    "      Message: Do you deliver to Austria?\n"
    "    expect: {contains: [Thank you]}\n"
    "  - say: chat                                   # talks until there is an answer\n"
    "    text: Hello, where is my order?\n"
    "    until: answer\n"
    "  # - wait: inbox\n"
    "  #   for: answer                               # or acknowledgement, resolution, message\n"
    "  #   within: 2d\n"
    "bar: {score: 50}                                # below it, the exit code is 1\n";

static bool write_file(const char *path, struct diags *diags)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    size_t len = sizeof first_journey - 1;
    bool ok;

    if (fd < 0) {
        diag_error(diags, errno == EEXIST ? "%s is there already: not touched" : "%s: %s", path,
                   strerror(errno));
        return false;
    }
    ok = write(fd, first_journey, len) == (ssize_t)len;
    ok = close(fd) == 0 && ok;
    if (!ok)
        diag_error(diags, "%s: cannot be written: %s", path, strerror(errno));
    return ok;
}

static void say_what_next(const struct options *o, const char *path)
{
    const char *company = data_program(o, "practice-company");

    printf("%s: written. Now, for example:\n"
           "  %s --no-mail\n"
           "      in another terminal; it prints COMPANY_URL=http://127.0.0.1:PORT\n"
           "  COMPANY_URL=http://127.0.0.1:PORT shopper run %s --report html\n"
           "Then edit it, and: shopper check %s\n",
           path, company ? company : "practice-company", path, path);
}

enum exit_code init_command(struct options *o)
{
    static const char ending[] = ".journey.yaml";
    const char *path = o->path_count ? o->paths[0] : "first.journey.yaml";
    size_t len = strlen(path), end = sizeof ending - 1;
    enum exit_code code = EXIT_USAGE;
    struct diags diags;

    diags_init(&diags);
    if (o->path_count > 1)
        diag_error(&diags, "shopper init writes one FILE");
    else if (len <= end || strcmp(path + len - end, ending))
        diag_error(&diags, "%s: the names of journeys end with %s", path, ending);
    else if (write_file(path, &diags))
        code = EXIT_MET;
    if (code == EXIT_MET)
        say_what_next(o, path);
    print_diags(&diags);
    diags_release(&diags);
    return code;
}
