/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A system call in assembly. It sets no errno: a child of clone(2) may lack the memory
 * for it. Without RAW_CALL, libc's syscall(3) is used.
 */
#ifndef PRIVTMP_RAW_H
#define PRIVTMP_RAW_H

#include <sys/syscall.h>

/*
 * raw_clone: a child that runs FN with ARG on a stack that ends at STACK, and exits with
 * what that returns. FLAGS have CLONE_VM. libc's clone(3) of glibc before 2.25 notes in
 * the memory that both share that the caller's ids are unknown: raise(3) and abort(3)
 * fail from then on.
 */
typedef int raw_child(void *arg);

#if defined __x86_64__ && defined __LP64__
#define RAW_CALL
#define RAW_CLONE
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

static inline long raw_clone(raw_child *fn, void *stack, long flags, void *arg)
{
	register long r10 __asm__("r10") = 0;
	register long r8 __asm__("r8") = 0;
	void **top = stack;
	long ret;

	*--top = arg;
	*--top = (void *)fn;
	__asm__ volatile("syscall\n\t"
			 "test %%rax, %%rax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "pop %%rax\n\t"
			 "pop %%rdi\n\t"
			 "call *%%rax\n\t"
			 "mov %%eax, %%edi\n\t"
			 "mov %[exit], %%eax\n\t"
			 "syscall\n\t"
			 "hlt\n"
			 "1:"
			 : "=a"(ret)
			 : "a"(SYS_clone), "D"(flags), "S"(top), "d"(0L), "r"(r10),
			   "r"(r8), [exit] "i"(SYS_exit)
			 : "rcx", "r11", "memory");
	return ret;
}
#elif defined __i386__
#define RAW_CALL
#define RAW_CLONE
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

static inline long raw_clone(raw_child *fn, void *stack, long flags, void *arg)
{
	void **top = (void **)stack - 4;
	long ret;

	*top = arg; /* aligned, as the callee wants it */
	*--top = (void *)fn;
	__asm__ volatile("push %%ebx\n\t"
			 "mov %%edi, %%ebx\n\t"
			 "xor %%edi, %%edi\n\t"
			 "int $0x80\n\t"
			 "test %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "pop %%eax\n\t"
			 "call *%%eax\n\t"
			 "mov %%eax, %%ebx\n\t"
			 "mov %[exit], %%eax\n\t"
			 "int $0x80\n\t"
			 "hlt\n"
			 "1:\n\t"
			 "pop %%ebx"
			 : "=a"(ret), "+D"(flags)
			 : "a"(SYS_clone), "c"(top), "d"(0), "S"(0), [exit] "i"(SYS_exit)
			 : "memory");
	return ret;
}
#elif defined __aarch64__
#define RAW_CALL
#define RAW_CLONE
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

static inline long raw_clone(raw_child *fn, void *stack, long flags, void *arg)
{
	register long x8 __asm__("x8") = SYS_clone;
	register long x0 __asm__("x0") = flags;
	register void **x1 __asm__("x1") = (void **)stack - 2;
	register long x2 __asm__("x2") = 0;
	register long x3 __asm__("x3") = 0;
	register long x4 __asm__("x4") = 0;

	x1[0] = (void *)fn;
	x1[1] = arg;
	__asm__ volatile("svc 0\n\t"
			 "cbnz x0, 1f\n\t"
			 "mov x29, #0\n\t"
			 "ldp x9, x0, [sp], #16\n\t"
			 "blr x9\n\t"
			 "mov x8, %[exit]\n\t"
			 "svc 0\n"
			 "1:"
			 : "+r"(x0), "+r"(x8)
			 : "r"(x1), "r"(x2), "r"(x3), "r"(x4), [exit] "i"(SYS_exit)
			 : "x9", "x30", "memory");
	return x0;
}
#endif

#endif
