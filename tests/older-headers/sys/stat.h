/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As of glibc 2.17: without statx(2). */
#ifndef OLDER_SYS_STAT_H
#define OLDER_SYS_STAT_H
#define statx newer_statx
#define statx_timestamp newer_statx_timestamp
#include_next <sys/stat.h>
#undef statx
#undef statx_timestamp
#undef STATX_TYPE
#undef STATX_INO
#undef STATX_MNT_ID
#undef STATX_BASIC_STATS
#undef STATX_ATTR_MOUNT_ROOT
#undef AT_STATX_SYNC_AS_STAT
#undef AT_STATX_DONT_SYNC
#endif
