#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H
/** The whole program behind main(), so that tests can link everything but main. */
#include "harness/cli/command.h"

enum exit_code program_main(int argc, char **argv);

#endif
