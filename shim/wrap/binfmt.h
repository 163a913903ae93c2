/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs that the kernel has an emulator for: binfmt_misc. */
#ifndef PRIVTMP_BINFMT_H
#define PRIVTMP_BINFMT_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the kernel has one for a file that begins with the N bytes at HEAD. */
bool binfmt_has(const unsigned char *head, size_t n);

#endif
