/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the stack protector compares. On x86 libc's lies in the thread's block, and a
 * child by clone(2) may have none. This one is there before any constructor, differs
 * with each load by where the library is, and is never written: other threads may be
 * in a function that compares it.
 */
#include "core/compiler.h"

#include <stdint.h>

#if defined __x86_64__ || defined __i386__
extern const uintptr_t __stack_chk_guard;

const uintptr_t __stack_chk_guard =
	(uintptr_t)&__stack_chk_guard + (uintptr_t)0x9e3779b97f4a7c15;
#endif
