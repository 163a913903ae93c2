/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * syscall(2): libuv, Rust, Go with cgo and newer tools bypass the other wrappers by it.
 * See gate.h.
 *
 * This wrapper is not variadic, unlike libc's function: the arguments are in the same
 * places. So an uninteresting call is a jump, which leaves the stack as the caller
 * expects it.
 */
#define _GNU_SOURCE
#include "syscall/gate.h"
#include "route/border.h"
#include "wrap/mounts.h"
#include "wrap/open_flags.h"
#include "wrap/wrap.h"

WRAP(long, syscall, long number, long a, long b, long c, long d, long e, long f);

long gate_pass(long number, const long *arg)
{
	return REAL(syscall)(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

static const char *path_of(const struct gate_path *p, const long *arg)
{
	return (const char *)arg[p->arg - 1];
}

static int dirfd_of(const struct gate_path *p, const long *arg)
{
	return p->dirfd ? (int)arg[p->dirfd - 1] : AT_FDCWD;
}

/* Plans the route of a call's path; see route_plan. */
static size_t plan(struct route *r, const struct gate_path *p, const long *arg)
{
	long flags = p->flags ? arg[p->flags - 1] : 0;
	enum follow follow = (unsigned long)flags & p->bit ? p->other : p->follow;
	unsigned intent = p->intent;

	if (p->open) {
		follow = follow_open((int)flags);
		intent = intent_open((int)flags);
	}
	return route_plan(r, dirfd_of(p, arg), path_of(p, arg), follow,
			  intent ^ ROUTE_PIN);
}

static __attribute__((noinline)) long routed_one(const struct gate_path *p, long number,
						 long *arg)
{
	const char *path = path_of(p, arg);
	struct route r;
	char room[plan(&r, p, arg)];
	long ret;

	if (route_go(&r, room) < 0)
		return -1;
	arg[p->arg - 1] = (long)r.path;
	do {
		ret = gate_pass(number, arg);
	} while (unlikely(ret < 0) && route_recount(&r));
	route_end(&r);
	if (p->open && ret >= 0 && r.guard < 0 && mounts_named(path))
		mounts_show((int)ret);
	return ret;
}

static __attribute__((noinline)) long routed_two(const struct gate *gate, long number,
						 long *arg)
{
	const struct gate_path *from = &gate->path[0], *to = &gate->path[1];
	struct route r, s;
	char room[plan(&r, from, arg)], other[plan(&s, to, arg)];
	long ret;

	if (route_go(&r, room) < 0)
		return -1;
	if (route_go(&s, other) < 0) {
		route_end_first(&r);
		return -1;
	}
	if (gate->moves) {
		border_moving(&r, dirfd_of(from, arg), &s);
		route_rename(&r, &s);
	}
	arg[from->arg - 1] = (long)r.path;
	arg[to->arg - 1] = (long)s.path;
	do {
		ret = gate_pass(number, arg);
	} while (unlikely(ret < 0) && (route_recount(&r) || route_recount(&s)));
	route_end(&r);
	route_end(&s);
	return ret;
}

static bool passes(const struct gate_path *p, const long *arg)
{
	return likely(view_passes_at(dirfd_of(p, arg), path_of(p, arg)));
}

static __attribute__((noinline)) long gated(const struct gate *gate, long number,
					    long *arg)
{
	const struct gate_path *path = gate->path;

	if (!path[1].arg) {
		if (passes(path, arg))
			return gate_pass(number, arg);
		return routed_one(path, number, arg);
	}
	if (passes(path, arg) && passes(path + 1, arg))
		return gate_pass(number, arg);
	return routed_two(gate, number, arg);
}

static __attribute__((noinline)) long by_table(long number, long a, long b, long c,
					       long d, long e, long f)
{
	long arg[] = { a, b, c, d, e, f };
	gate_call *call = gate_find_call(number);

	return call ? call(number, arg) : gated(gate_find(number), number, arg);
}

long pt_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	/* The kernel looks at no more of it. The rest is what the caller had there. */
	const long known = (int)number;
	long ret;

	if (likely(!gate_find(known) && !gate_find_call(known)))
		return REAL(syscall)(number, a, b, c, d, e, f);
	/*
	 * No jump: on 32 bits that would write where the caller has put fewer arguments,
	 * and has something else.
	 */
	ret = by_table(known, a, b, c, d, e, f);
	__asm__ volatile("" : "+r"(ret));
	return ret;
}
