#ifndef COMPANY_MAIL_CONFIG_H
#define COMPANY_MAIL_CONFIG_H
/**
 * Mail config: the configuration files of Exim and Dovecot, with blanks for fill().
 * Blanks: dir user group imap_port customers support (the last two are passwords).
 */
#define MAIL_EXIM "/usr/sbin/exim4"
#define MAIL_DOVECOT "/usr/sbin/dovecot"

extern const char mail_exim_config[], mail_dovecot_config[], mail_users[];

#endif
