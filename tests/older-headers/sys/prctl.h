/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As with Linux 3.10. */
#ifndef OLDER_SYS_PRCTL_H
#define OLDER_SYS_PRCTL_H
#include_next <sys/prctl.h>

#undef PR_CAP_AMBIENT
#undef PR_CAP_AMBIENT_IS_SET
#endif
