/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a program that starts without a libc (start.c) needs of one: what needs no kernel, and
 * signals, which set no errno. System calls are in calls.c. What more it comes to need, the
 * linker names.
 */
#define _GNU_SOURCE
#include "core/raw.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <sys/time.h>

/* As macros they return what their argument points to with its const (glibc 2.43, C23). */
#undef memchr
#undef memmem
#undef memrchr
#undef strchr
#undef strpbrk
#undef strrchr
#undef strstr

/* -- Memory: one instruction each, which no compiler takes for a call of the same -- */

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	void *at = to;

	__asm__ volatile("rep movsb" : "+D"(at), "+S"(from), "+c"(n) : : "memory");
	return to;
}

void *memmove(void *to, const void *from, size_t n)
{
	char *last = (char *)to + n - 1;
	const char *source = (const char *)from + n - 1;

	if ((uintptr_t)to - (uintptr_t)from >= n)
		return memcpy(to, from, n);
	__asm__ volatile("std\n\trep movsb\n\tcld"
			 : "+D"(last), "+S"(source), "+c"(n)
			 :
			 : "memory");
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	void *at = to;

	__asm__ volatile("rep stosb" : "+D"(at), "+c"(n) : "a"(byte) : "memory");
	return to;
}

int memcmp(const void *one, const void *other, size_t n)
{
	const unsigned char *a = one, *b = other;

	for (; n; n--, a++, b++)
		if (*a != *b)
			return *a - *b;
	return 0;
}

/* What clang makes of a memcmp whose result is compared with 0 alone. */
int bcmp(const void *one, const void *other, size_t n)
{
	return memcmp(one, other, n);
}

void *memchr(const void *in, int byte, size_t n)
{
	for (const unsigned char *at = in; n; n--, at++)
		if (*at == (unsigned char)byte)
			return (void *)(uintptr_t)at;
	return NULL;
}

void *memrchr(const void *in, int byte, size_t n)
{
	const unsigned char *first = in;

	while (n--)
		if (first[n] == (unsigned char)byte)
			return (void *)(uintptr_t)(first + n);
	return NULL;
}

void *memmem(const void *in, size_t n, const void *what, size_t len)
{
	for (const char *at = in; n >= len; at++, n--)
		if (!memcmp(at, what, len))
			return (void *)(uintptr_t)at;
	return NULL;
}

/* -- Strings -- */

size_t strlen(const char *s)
{
	const char *at = s;

	/* The barrier keeps the compiler from making this a call of strlen. */
	while (*at) {
		__asm__ volatile("" : "+r"(at));
		at++;
	}
	return (size_t)(at - s);
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	return strncmp(a, b, PTRDIFF_MAX);
}

char *strchr(const char *s, int c)
{
	for (; *s != (char)c; s++)
		if (!*s)
			return NULL;
	return (char *)(uintptr_t)s;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	do
		if (*s == (char)c)
			found = s;
	while (*s++);
	return (char *)(uintptr_t)found;
}

char *strstr(const char *s, const char *what)
{
	const size_t n = strlen(what);

	for (;; s++) {
		if (!strncmp(s, what, n))
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

char *stpcpy(char *restrict to, const char *restrict from)
{
	const size_t n = strlen(from);

	memcpy(to, from, n + 1);
	return to + n;
}

char *strcpy(char *restrict to, const char *restrict from)
{
	memcpy(to, from, strlen(from) + 1);
	return to;
}

char *strncpy(char *restrict to, const char *restrict from, size_t n)
{
	size_t len = 0;

	while (len < n && from[len])
		len++;
	memcpy(to, from, len);
	memset(to + len, 0, n - len);
	return to;
}

size_t strcspn(const char *s, const char *stops)
{
	const char *at = s;

	while (*at && !strchr(stops, *at))
		at++;
	return (size_t)(at - s);
}

size_t strspn(const char *s, const char *set)
{
	const char *at = s;

	while (*at && strchr(set, *at))
		at++;
	return (size_t)(at - s);
}

char *strpbrk(const char *s, const char *stops)
{
	s += strcspn(s, stops);
	return *s ? (char *)(uintptr_t)s : NULL;
}

char *strsep(char **restrict rest, const char *restrict separators)
{
	char *part = *rest, *at;

	if (!part)
		return NULL;
	at = part + strcspn(part, separators);
	*rest = *at ? at + 1 : NULL;
	*at = '\0';
	return part;
}

/* -- Signals -- */

enum { SET = 8, RESTORER = 0x04000000 }; /* the kernel's sigset_t, and SA_RESTORER */

/* The kernel's struct sigaction. */
struct action {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	unsigned long mask;
};

extern void small_restorer(void) __attribute__((visibility("hidden")));

/* A handler returns to this. */
__asm__(".text\n"
	".globl small_restorer\n"
	".hidden small_restorer\n"
	".type small_restorer, @function\n"
	"small_restorer:\n\t"
	"mov $15, %eax\n\t" /* rt_sigreturn */
	"syscall\n"
	".size small_restorer, . - small_restorer\n");

static int result(long ret)
{
	return ret < 0 ? -1 : 0;
}

int sigaction(int number, const struct sigaction *restrict now,
	      struct sigaction *restrict before)
{
	struct action action = { .restorer = small_restorer };

	if (!now || before)
		return -1; /* nobody asks */
	action.handler = now->sa_handler;
	action.flags = (unsigned long)now->sa_flags | RESTORER;
	memcpy(&action.mask, &now->sa_mask, sizeof action.mask);
	return result(raw_call(SYS_rt_sigaction, number, (long)&action, 0, SET, 0, 0));
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict before)
{
	return result(
		raw_call(SYS_rt_sigprocmask, how, (long)set, (long)before, SET, 0, 0));
}

int sigemptyset(sigset_t *set)
{
	memset(set, 0, sizeof *set);
	return 0;
}

int sigfillset(sigset_t *set)
{
	memset(set, 0xff, sizeof *set);
	return 0;
}

/* The set's word that has NUMBER, and its bit there. */
static unsigned long *word_of(sigset_t *set, int number, unsigned long *bit)
{
	enum { BITS = 8 * sizeof(unsigned long) };

	*bit = 1UL << (number - 1) % BITS;
	return (unsigned long *)(void *)set + (number - 1) / BITS;
}

int sigaddset(sigset_t *set, int number)
{
	unsigned long bit, *word = word_of(set, number, &bit);

	*word |= bit;
	return 0;
}

int sigdelset(sigset_t *set, int number)
{
	unsigned long bit, *word = word_of(set, number, &bit);

	*word &= ~bit;
	return 0;
}

#ifdef __GLIBC__
typedef __itimer_which_t itimer_which;
#else
typedef int itimer_which;
#endif

int setitimer(itimer_which which, const struct itimerval *restrict now,
	      struct itimerval *restrict before)
{
	return result(
		raw_call(SYS_setitimer, (long)which, (long)now, (long)before, 0, 0, 0));
}

/* -- The stack protector (guard.c) -- */

void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
	const long self = raw_call(SYS_getpid, 0, 0, 0, 0, 0, 0);

	for (;;) {
		raw_call(SYS_kill, self, SIGABRT, 0, 0, 0, 0);
		raw_call(SYS_exit_group, 127, 0, 0, 0, 0, 0);
	}
}
