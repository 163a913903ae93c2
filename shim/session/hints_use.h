/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a member makes of the hints (hints.h), and adds to them. */
#ifndef PRIVTMP_HINTS_USE_H
#define PRIVTMP_HINTS_USE_H

#include <stdbool.h>

/* Sees to it that someone outlives us to remove what there is, if need be. */
void session_wrote(void);

/* Notes what members are to know from now on: LINKS_* (view.h). */
void session_links(unsigned char bits);

/* Takes note of what other members have said: before that is asked for. */
void session_heed(void);

/*
 * Whether nobody in the session has been told of NAME so far; from now on, somebody has.
 * For what is said once a session.
 */
bool session_news(const char *name);

/* Says in one line that there is no helper, and lets members know. */
void session_no_helper(int error);

/* Whether members know of a helper that removes what is left. */
bool session_watched(void);

/* Whether another user has been let in. */
bool session_mixed(void);

#endif
