/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stack protector's canary. On x86 libc keeps its own in the thread's block, which
 * a child of clone(2) may lack. This one exists before any constructor runs, is derived
 * from the library's load address, and is never written: another thread may be in a
 * function that compares it.
 */

#include <stdint.h>

#if defined __x86_64__ || defined __i386__
extern const uintptr_t __stack_chk_guard;

const uintptr_t __stack_chk_guard =
	(uintptr_t)&__stack_chk_guard + (uintptr_t)0x9e3779b97f4a7c15;
#endif
