/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fts64_open and the like; see fts_large.h. */
#define _GNU_SOURCE
#include "wrap/wrap.h"

#if defined __GLIBC__ && !defined __LP64__

#include <dirent.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FTS_LARGE(name) fts64_tree_##name
#define stat stat64
#define lstat lstat64
#define fstatat fstatat64

#include "wrap/fts_large.h"

FTS_CALLS(fts64, )

#endif
