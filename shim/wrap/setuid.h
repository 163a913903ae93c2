/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other identities: a daemon that starts as root and drops to a user goes on
 * using its /tmp, whose session root is its owner's alone.
 */
#ifndef PRIVTMP_SETUID_H
#define PRIVTMP_SETUID_H

/*
 * To be called before the process takes on the user UID: lets it search the
 * session's roots. Does nothing where that is not ours to give.
 */
void setuid_prepare(unsigned uid);

#endif
