#ifndef CHANNELS_MAIL_MIME_H
#define CHANNELS_MAIL_MIME_H
/**
 * Mail mime: GMime, made ready once per process, from whichever thread asks first.
 */
void mime_ready(void);

#endif
