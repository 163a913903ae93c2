/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls by number, through syscall(2). A call that takes the arguments of libc's function of
 * its name has its row from the tables of trace points (gen-trace.awk), unless it is named
 * here. The wrapper behind does the work; what that calls itself is not written down, since
 * it comes from the library.
 */
#define _GNU_SOURCE
#include "audit/by_number.h"
#include "audit/outer.h"
#include "core/sys.h"
#include "syscall/gate.h"
#include "wrap/openat2.h"

#include <fcntl.h>

/* A call: which arguments matter, numbered from 1; 0 is none. */
struct numbered {
	unsigned short call;
	struct {
		unsigned char arg, dirfd;
	} path[2];
	unsigned char a, b; /* what else is written down */
	bool open;	    /* a has open(2)'s flags, which say whether b is there */
	bool fd;	    /* it returns a descriptor */
};

static const struct numbered calls[] = {
#include "gen/trace_numbers.h"

	/* The kernel takes no flags, libc does. */
	[SYS_faccessat] = { CALL_faccessat, { { 2, 1 } }, .b = 3 },
	[SYS_fchmodat] = { CALL_fchmodat, { { 2, 1 } }, .b = 3 },
	[SYS_faccessat2] = { CALL_faccessat, { { 2, 1 } }, .a = 4, .b = 3 },
	[SYS_fchmodat2] = { CALL_fchmodat, { { 2, 1 } }, .a = 4, .b = 3 },

/* libc has it by another name. */
#ifdef SYS_newfstatat
	[SYS_newfstatat] = { CALL_fstatat, { { 2, 1 } }, .a = 4 },
#endif
#ifdef SYS_chown32
	[SYS_chown32] = { CALL_chown, { { 1, 0 } }, .a = 2, .b = 3 },
	[SYS_lchown32] = { CALL_lchown, { { 1, 0 } }, .a = 2, .b = 3 },
#endif
#ifdef SYS_utimensat_time64
	[SYS_utimensat_time64] = { CALL_utimensat, { { 2, 1 } }, .a = 4 },
#endif
};

static const struct numbered *find(long number)
{
	if ((unsigned long)number >= sizeof calls / sizeof *calls ||
	    !calls[number].path[0].arg)
		return NULL;
	return &calls[number];
}

OUTER(long, syscall, long number, long a, long b, long c, long d, long e, long f);

static long pass(long number, const long *arg)
{
	return pt_syscall(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

static int dirfd_of(const struct numbered *n, int which, const long *arg)
{
	const unsigned char dirfd = n->path[which].dirfd;

	return dirfd ? (int)arg[dirfd - 1] : AT_FDCWD;
}

static const char *path_of(const struct numbered *n, int which, const long *arg)
{
	const unsigned char path = n->path[which].arg;

	return path ? (const char *)arg[path - 1] : NULL;
}

static bool wanted(const struct numbered *n, int which, const long *arg)
{
	return n->path[which].arg &&
	       point_wanted(dirfd_of(n, which, arg), path_of(n, which, arg));
}

static long by_table(const struct numbered *n, long number, const long *arg,
		     uintptr_t site)
{
	struct point p;
	long ret;

	if (!wanted(n, 0, arg) && !wanted(n, 1, arg))
		return pass(number, arg);
	point_begin(&p, n->call, site, dirfd_of(n, 0, arg), path_of(n, 0, arg));
	if (n->path[1].arg)
		point_other(&p, dirfd_of(n, 1, arg), path_of(n, 1, arg));
	p.a = n->a ? (uint32_t)arg[n->a - 1] : 0;
	p.b = n->b ? (uint32_t)arg[n->b - 1] : 0;
	if (n->open && !(p.a & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))))
		p.b = 0;
	ret = pass(number, arg);
	point_end(&p, ret < 0, ret, n->fd);
	return ret;
}

static long looked(uint32_t call, long number, const long *arg, uintptr_t site)
{
	const long ret = pass(number, arg);

	if (ret == 0)
		point_looked(call, site, (int)arg[0]);
	return ret;
}

/* -- openat2, by number and by name -- */

OUTER(int, openat2, int fd, const char *path, const void *how, size_t size);

/* HOW is the kernel's to read, and can be no memory at all. */
static bool is_there(const struct open_how *how, size_t size)
{
	return size >= sizeof *how && view_bytes_probe(how, sizeof *how);
}

static void begin_openat2(struct point *p, uintptr_t site, int fd, const char *path,
			  const struct open_how *how, size_t size)
{
	p->on = false;
	if (likely(!point_wanted(fd, path)) || !is_there(how, size))
		return;
	point_begin(p, CALL_openat2, site, fd, path);
	p->a = (uint32_t)how->flags;
	p->b = (uint32_t)how->mode;
}

int au_openat2(int fd, const char *path, const void *how, size_t size)
{
	struct point p;
	int ret;

	begin_openat2(&p, POINT_SITE, fd, path, how, size);
	ret = pt_openat2(fd, path, how, size);
	point_end(&p, ret < 0, ret, true);
	return ret;
}

static long openat2_by_number(long number, const long *arg, uintptr_t site)
{
	struct point p;
	long ret;

	begin_openat2(&p, site, (int)arg[0], (const char *)arg[1],
		      (const struct open_how *)arg[2], (size_t)arg[3]);
	ret = pass(number, arg);
	point_end(&p, ret < 0, ret, true);
	return ret;
}

/* -- What needs more than the table has -- */

static __attribute__((noinline)) long traced(long number, const long *arg, uintptr_t site)
{
	const struct numbered *n = find(number);

	if (n)
		return by_table(n, number, arg, site);
	switch (number) {
	case SYS_openat2: return openat2_by_number(number, arg, site);
	case SYS_execve:
		return audit_execve(site, (const char *)arg[0], (char *const *)arg[1],
				    (char *const *)arg[2]);
	case SYS_execveat:
		return audit_execveat(site, (int)arg[0], (const char *)arg[1],
				      (char *const *)arg[2], (char *const *)arg[3],
				      (int)arg[4]);
#ifdef SYS_bind
	case SYS_bind:
		return audit_bind(site, (int)arg[0], (const void *)arg[1],
				  (unsigned)arg[2]);
	case SYS_connect:
		return audit_connect(site, (int)arg[0], (const void *)arg[1],
				     (unsigned)arg[2]);
#endif
	case SYS_fchmod: return audit_fchmod(site, (int)arg[0], (unsigned)arg[1]);
	case SYS_fstat: return looked(CALL_fstat, number, arg, site);
#ifdef SYS_fstat64
	case SYS_fstat64: return looked(CALL_fstat64, number, arg, site);
#endif
	case SYS_exit_group: trace_stop(); break;
	default: break;
	}
	return pass(number, arg);
}

/* Those that must not come back through here, such as clone, are not among them. */
static bool is_traced(long number)
{
	switch (number) {
	case SYS_openat2:
#ifdef SYS_bind
	case SYS_bind:
	case SYS_connect:
#endif
#ifdef SYS_fstat64
	case SYS_fstat64:
#endif
	case SYS_execve:
	case SYS_execveat:
	case SYS_fchmod:
	case SYS_fstat:
	case SYS_exit_group: return true;
	default: return find(number) != NULL;
	}
}

static __attribute__((noinline)) long with_arguments(long number, long a, long b, long c,
						     long d, long e, long f,
						     uintptr_t site)
{
	const long arg[] = { a, b, c, d, e, f };

	return traced(number, arg, site);
}

/*
 * An uninteresting call is a jump here, too; see pt_syscall. Another must not be one: it
 * would write where the caller has put fewer arguments, and has something else.
 */
JUMPS long au_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	const long known = (int)number; /* see pt_syscall */

	if (unlikely(pt_trace != NULL) && is_traced(known)) {
		long ret = with_arguments(known, a, b, c, d, e, f, POINT_SITE);

		__asm__ volatile("" : "+r"(ret));
		return ret;
	}
	return pt_syscall(number, a, b, c, d, e, f);
}
