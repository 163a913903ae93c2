/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a member uses and changes the hints (hints.h). */
#ifndef PRIVTMP_HINTS_USE_H
#define PRIVTMP_HINTS_USE_H

#include <stdbool.h>

/* Starts a helper if there is none: the session has something to remove. */
void session_wrote(void);

/* Sets LINKS_* (view.h) for all members. -errno: for this process alone. */
int session_links(unsigned char bits);

/* Reads what other members have set. Call before the flags are used. */
void session_heed(void);

/*
 * Whether nobody in the session has been told of NAME so far; from now on, somebody has.
 * For what is said once a session.
 */
bool session_news(const char *name);

/* Reports that there is no helper, and tells the members. */
void session_no_helper(int error);

/* Whether there is a helper, as far as members know. */
bool session_watched(void);

/* Whether another user was admitted. */
bool session_mixed(void);

#endif
