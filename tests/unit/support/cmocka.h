#ifndef SUPPORT_CMOCKA_H
#define SUPPORT_CMOCKA_H
/** cmocka with the headers it wants before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
