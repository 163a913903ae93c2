/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A system call in assembly. It sets no errno: a child of clone(2) may lack the memory
 * for it. Without RAW_CALL, libc's syscall(3) is used.
 */
#ifndef PRIVTMP_RAW_H
#define PRIVTMP_RAW_H

#if defined __x86_64__ && defined __LP64__
#define RAW_CALL
static inline long raw_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return ret;
}
#elif defined __i386__
#define RAW_CALL
static inline long raw_call(long number, long a, long b, long c, long d, long e, long f)
{
	const long sixth[] = { a, f };
	long ret;

	/* The compiler may have reserved ebx and ebp: both are restored. */
	__asm__ volatile("push %%ebx\n\t"
			 "push %%ebp\n\t"
			 "mov 4(%%ebx), %%ebp\n\t"
			 "mov (%%ebx), %%ebx\n\t"
			 "int $0x80\n\t"
			 "pop %%ebp\n\t"
			 "pop %%ebx"
			 : "=a"(ret)
			 : "a"(number), "b"(sixth), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return ret;
}
#elif defined __aarch64__
#define RAW_CALL
static inline long raw_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}
#endif

#endif
