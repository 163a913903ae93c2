/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether this process runs in valgrind: asked as its own headers do, by rotations
 * that add up to nothing, which valgrind alone knows. On x86-64 only.
 */
#ifndef PRIVTMP_VALGRIND_H
#define PRIVTMP_VALGRIND_H

#include <stdint.h>

enum {
	VALGRIND_RUNNING = 0x1001,
	VALGRIND_GET_VBITS = 0x4d430008, /* memcheck's */
};

/* The answer, or 0 where nobody gives one. */
static inline uint64_t valgrind_ask(uint64_t request, const void *a, const void *b,
				    uint64_t c)
{
	uint64_t answer = 0;

#if defined __x86_64__ && defined __LP64__
	volatile uint64_t question[6] = { request, (uint64_t)a, (uint64_t)b, c, 0, 0 };

	__asm__ volatile("rolq $3, %%rdi\n\t"
			 "rolq $13, %%rdi\n\t"
			 "rolq $61, %%rdi\n\t"
			 "rolq $51, %%rdi\n\t"
			 "xchgq %%rbx, %%rbx"
			 : "+d"(answer)
			 : "a"(question)
			 : "cc", "memory");
#else
	(void)request, (void)a, (void)b, (void)c;
#endif
	return answer;
}

static inline int valgrind_runs(void)
{
	return valgrind_ask(VALGRIND_RUNNING, 0, 0, 0) != 0;
}

/* Whether the tool that runs is memcheck: only that one knows of any byte's bits. */
static inline int valgrind_checks_memory(void)
{
	const char byte = 0;
	char bits = 0;

	return valgrind_ask(VALGRIND_GET_VBITS, &byte, &bits, 1) == 1;
}

#endif
