/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Owners: whether root owns what statx(2) tells of. In a user namespace that has no
 * user 0, the kernel gives root's files, as those of all whom the namespace does not
 * know, to the overflow user (user_namespaces(7)).
 */
#ifndef PRIVTMP_OWNER_H
#define PRIVTMP_OWNER_H

#include <stdbool.h>

/*
 * Whether UID can be root: it is 0; or it is the overflow user, this namespace has no
 * user 0, and "/" belongs to the overflow user, too. In the second case UID may be
 * anybody else whom the namespace does not know: believe it of what only root has.
 */
bool owner_may_be_root(unsigned uid);

#endif
