/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As of glibc 2.17. */
#ifndef OLDER_ELF_H
#define OLDER_ELF_H
#include_next <elf.h>

#undef DF_1_PIE
#undef EM_RISCV
#undef EM_LOONGARCH
#endif
