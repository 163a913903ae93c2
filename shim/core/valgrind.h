/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether this process runs in valgrind. Asked as valgrind's own headers do: by
 * rotations that cancel out, which only valgrind recognizes. x86-64 only.
 */
#ifndef PRIVTMP_VALGRIND_H
#define PRIVTMP_VALGRIND_H

#include <stdint.h>

enum {
	VALGRIND_RUNNING = 0x1001,
	VALGRIND_GET_VBITS = 0x4d430008, /* of memcheck */
};

/* The answer, or 0 outside of valgrind. */
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

/* Whether the tool is memcheck, the only one that tracks validity bits. */
static inline int valgrind_checks_memory(void)
{
	const char byte = 0;
	char bits = 0;

	return valgrind_ask(VALGRIND_GET_VBITS, &byte, &bits, 1) == 1;
}

#endif
