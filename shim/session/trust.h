/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Trust: whose word counts. Owners, modes and parents are judged here and nowhere
 * else. EUID is the effective user that is about to believe; root is believed by all.
 */
#ifndef PRIVTMP_TRUST_H
#define PRIVTMP_TRUST_H

#include <stdbool.h>

#include "core/sys.h"

bool trust_owner(unsigned owner, unsigned euid);

/* Whether ST is a regular file that nobody can open for writing. */
bool trust_sealed(const struct statx *st);

/*
 * Whether ST is a text that decides: a regular file of someone trusted, that nobody
 * can open for writing (but root, and its owner after a chmod), and that is linked.
 */
bool trust_text(const struct statx *st, unsigned euid);

/* Whether ST is a file of hints: a regular one that OWNER alone can write. */
bool trust_hints(const struct statx *st, unsigned owner);

/*
 * Whether ST is a root: a directory of OWNER's that others cannot reach. A group's
 * execute bit is what an ACL's mask looks like: see admit.h.
 */
bool trust_root(const struct statx *st, unsigned owner);

/*
 * Whether nobody but root and EUID can exchange PATH (absolute), or a directory on
 * the way to it: each belongs to one of them, and where others may write, it is
 * sticky. Links on the way are looked at like directories, and followed. In a user
 * namespace without root, the system's own directories may be the overflow user's
 * (core/owner.h). 0, -EPERM, or what looking fails with.
 */
int trust_parents(const char *path, unsigned euid);

/*
 * As trust_parents, and nobody else can make a name beside PATH either: for one that
 * is known beforehand.
 */
int trust_closed_parents(const char *path, unsigned euid);

/* Whether both are one file. */
bool trust_same(const struct statx *a, const struct statx *b);

/*
 * Opens the root ROOT, where it is one of OWNER's; *ST is what it is. No link is
 * followed at its end. A descriptor to read it by, or -errno; -EPERM: it is not.
 */
int trust_open_root(const char *root, unsigned owner, struct statx *st);

#endif
