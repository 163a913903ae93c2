/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trust: the only place where owners, modes and parents are judged. EUID is the
 * effective user who wants to rely on a file. Root is always trusted.
 */
#ifndef PRIVTMP_TRUST_H
#define PRIVTMP_TRUST_H

#include <stdbool.h>

#include "core/sys.h"

/* Whether OWNER is EUID or 0. */
bool trust_owner(unsigned owner, unsigned euid);

/* The same of the directory or file PATH, whose status is ST, in a user namespace, too. */
bool trust_directory(const char *path, const struct statx *st, unsigned euid);

/* Whether ST is a regular file that nobody can open for writing. */
bool trust_sealed(const struct statx *st);

/*
 * Whether ST can be a lease: a regular file with a name, that belongs to someone
 * trusted, and that nobody can open for writing (but root, and its owner after a
 * chmod).
 */
bool trust_text(const struct statx *st, unsigned euid);

/* Whether ST can be a file of hints: a regular file that only OWNER can write. */
bool trust_hints(const struct statx *st, unsigned owner);

/*
 * Whether ST can be a root: a directory of OWNER's that others cannot reach. The
 * group's execute bit may be set: it shows the mask of an ACL (admit.h).
 */
bool trust_root(const struct statx *st, unsigned owner);

/*
 * Whether only root and EUID can replace PATH (absolute), or a directory on the way to
 * it: each belongs to one of them, and is sticky where others can write. Links on the
 * way are checked and followed. Where others can make names, none is another file system by
 * FUSE: whoever has mounted it says who owns what. In a user namespace without root, the
 * system's own directories may belong to the overflow user (core/owner.h). 0, -EPERM, or
 * another -errno.
 */
int trust_parents(const char *path, unsigned euid);

/*
 * The same, and only they can make names beside PATH: for a name that is known in
 * advance.
 */
int trust_closed_parents(const char *path, unsigned euid);

/* Whether both are one file. */
bool trust_same(const struct statx *a, const struct statx *b);

/*
 * Whether the directory ROOT, whose status ST sys_look has told, is on the file system that
 * it lies in: what is mounted there says of owners what it likes, and another user can have
 * mounted it (FUSE). 0 where it is on that; -EPERM, or another -errno.
 */
int trust_unmounted(const char *root, const struct statx *st);

/*
 * Opens the root ROOT, if it is one of OWNER's, without following a link at its end.
 * *ST is its status. A descriptor for reading, -EPERM where it is no such root, or
 * -errno.
 */
int trust_open_root(const char *root, unsigned owner, struct statx *st);

#endif
