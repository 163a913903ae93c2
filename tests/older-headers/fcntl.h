/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As of glibc 2.17. */
#ifndef OLDER_FCNTL_H
#define OLDER_FCNTL_H
#include_next <fcntl.h>

#undef O_TMPFILE
#undef F_OFD_GETLK
#undef F_OFD_SETLK
#undef F_OFD_SETLKW
#endif
