/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a member uses and changes the hints; see hints_use.h. */
#define _GNU_SOURCE
#include "session/hints_use.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/helper.h"
#include "session/hints.h"
#include "session/lease.h"
#include "session/session.h"
#include "session/trust.h"

#include <errno.h>
#include <sys/stat.h>

void session_no_helper(int error)
{
	static bool told; /* it is tried again: session_wrote */

	if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		report(pt_session.root, "no helper to remove this after a crash", error,
		       "run privtmp sweep afterwards");
	/* So that members try to start one. */
	hints_change(pt_session.root, pt_session.owner, LINKS_UNWATCHED, 0);
}

static void read_hints(void)
{
	struct session *s = &pt_session;
	const volatile unsigned char *unread = hints_unread;

	__atomic_compare_exchange_n(&pt_view.links, &unread, hints_map(s->root, s->owner),
				    false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* The hints, mapped at the first call. */
static unsigned char heard(void)
{
	if (view_links() & LINKS_UNREAD)
		read_hints();
	return view_links();
}

bool session_watched(void)
{
	return !(heard() & LINKS_UNWATCHED);
}

bool session_mixed(void)
{
	return view_is_mixed() || (heard() & LINKS_MIXED);
}

/* Stops looking at LINKS_UNWATCHED, which this process cannot change. */
static void overlook_unwatched(void)
{
	const volatile unsigned char *links =
		__atomic_load_n(&pt_view.links, __ATOMIC_ACQUIRE);

	if (*links & LINKS_UNWATCHED)
		__atomic_compare_exchange_n(&pt_view.links, &links,
					    links + HINTS_SANS_UNWATCHED, false,
					    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

void session_wrote(void)
{
	struct session *s = &pt_session;
	enum { TRIES = 4 };
	static unsigned char tries;
	struct statx st;
	int fd, lease, ret;

	if (s->state != SESSION_LIVE || session_watched())
		return;
	/* A helper that was terminated is replaced, but only a few times. */
	if (sys_geteuid() != s->owner ||
	    __atomic_fetch_add(&tries, 1, __ATOMIC_RELAXED) >= TRIES) {
		overlook_unwatched();
		return;
	}
	if (hints_change(s->root, s->owner, 0, LINKS_UNWATCHED) < 0)
		return;
	fd = trust_open_root(s->root, s->owner, &st);
	lease = fd < 0 ? fd : lease_open_at(fd);
	ret = lease < 0 ? lease : helper_start(fd, lease, NULL);
	if (lease >= 0)
		sys_close(lease);
	if (fd >= 0)
		sys_close(fd);
	if (ret < 0)
		session_no_helper(-ret);
}

/*
 * Whether this process has another "/", which no wrapper has seen change, as bwrap(1) has
 * while it builds a sandbox: the other members do not know the names of links there.
 */
static bool is_elsewhere(void)
{
	struct statx st;

	return sys_look(AT_FDCWD, pt_session.root, &st) == -ENOENT;
}

/*
 * The owner, as this process sees it now: in a user namespace that it has entered since, its
 * own id and the owner's have both become others.
 */
static unsigned owner_now(void)
{
	const struct session *s = &pt_session;
	const unsigned euid = sys_geteuid();
	struct statx st;

	if (euid == s->owner || sys_look(AT_FDCWD, s->root, &st) < 0)
		return s->owner;
	return trust_root(&st, euid) ? euid : s->owner;
}

int session_links(unsigned char bits)
{
	struct session *s = &pt_session;
	unsigned owner;
	static unsigned char own[HINTS_SANS_MIXED + 1];
	static bool apart; /* OWN has what others could not be told of */
	bool known;
	int ret = -EPERM;

	session_share();
	known = (view_links() & bits) == bits;
	if (s->state != SESSION_LIVE || (known && !apart))
		return 0;
	owner = owner_now();
	if (sys_geteuid() == owner)
		ret = hints_change(s->root, owner, bits, 0);
	if (ret == 0 && !apart)
		return 0;
	/* Another user's: all others' programs go where the kernel says. */
	apart = true;
	own[0] = (unsigned char)((view_links() & ~LINKS_UNWATCHED) | bits);
	own[HINTS_SANS_MIXED] = own[0] & (unsigned char)~LINKS_MIXED;
	__atomic_store_n(&pt_view.links, own + view_is_mixed(), __ATOMIC_RELEASE);
	if (ret < 0 && !known && bits != LINKS_MIXED && !is_elsewhere())
		report(s->root,
		       "the owner's programs will not know of a new link that "
		       "leads across its border",
		       ret == -EPERM ? 0 : -ret,
		       ret == -EPERM ? "make such links as the owner" :
				       "see to the file system that it is on");
	return ret;
}

void session_heed(void)
{
	if (view_links() & LINKS_UNREAD)
		read_hints();
	if (view_links() & LINKS_UNWATCHED)
		session_wrote();
}

enum { TOLD = 16 }; /* names that this image has said */

bool session_news(const char *name)
{
	static unsigned told[TOLD];
	const struct session *s = &pt_session;
	const unsigned hash = hints_hash(name);

	return hints_news(told, TOLD, hash) &&
	       (s->state != SESSION_LIVE || hints_tell(s->root, s->owner, hash));
}
