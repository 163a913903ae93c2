/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What looks up symbols owes to dlerror(3). */
#ifndef PRIVTMP_DL_H
#define PRIVTMP_DL_H

/* Keeps the message of a failure that the program has not asked for yet. */
void dl_keep_message(void);

#endif
