#include "harness/channels/mail_mime.h"

#include <gmime/gmime.h>
#include <pthread.h>

static void start(void)
{
    g_mime_init();
}

void mime_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, start);
}
