/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As of Linux 3.10. */
#ifndef OLDER_LINUX_SECCOMP_H
#define OLDER_LINUX_SECCOMP_H
#include_next <linux/seccomp.h>

#undef SECCOMP_SET_MODE_STRICT
#undef SECCOMP_SET_MODE_FILTER
#undef SECCOMP_FILTER_FLAG_TSYNC
#undef SECCOMP_FILTER_FLAG_NEW_LISTENER
#undef SECCOMP_RET_ACTION_FULL
#undef SECCOMP_RET_LOG
#endif
