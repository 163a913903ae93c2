/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* __fts64_open_time64 and the like; see fts_large.h. */
#define _GNU_SOURCE
#include "wrap/wrap.h"

#ifdef TIME64_NAMES

#include <dirent.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FTS_LARGE(name) fts64_time64_tree_##name
#define stat stat_time64
#define stat_time64(path, st) __fstatat64_time64(AT_FDCWD, path, st, 0)
#define lstat(path, st) __fstatat64_time64(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW)
#define fstatat __fstatat64_time64

#include "wrap/fts_large.h"

FTS_CALLS(__fts64, _time64)

#endif
