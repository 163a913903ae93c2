/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The journal and syslog, for what nobody would read on standard error: one datagram,
 * which is not waited for, from a socket that is closed at once.
 */
#ifndef PRIVTMP_REPORT_LOG_H
#define PRIVTMP_REPORT_LOG_H

#include <stdbool.h>
#include <stddef.h>

/* By which reports are found in the journal: MESSAGE_ID=, see libprivtmp(7). */
#define REPORT_MESSAGE_ID "3421c5ed11424cb7baff78badd58a2e7"

/*
 * Sends the LEN bytes of LINE, which have no line's end among them, to the journal, where
 * JOURNAL and there is one, else to syslog; ERROR is an errno or 0. False where neither
 * takes it, or where trying could end the process: under a filter of which nobody knows
 * what it does (see seccomp.h).
 */
bool report_log(const char *line, size_t len, int error, bool journal);

#endif
