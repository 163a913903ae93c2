/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes of identity; see setuid.h. Admission itself: session/admit.h. */
#define _GNU_SOURCE
#include "wrap/setuid.h"
#include "core/hole.h"
#include "core/report.h"
#include "core/sys.h"
#include "route/sticky.h"
#include "session/admit.h"
#include "session/leave.h"
#include "session/plan.h"
#include "session/session.h"
#include "wrap/sun_path.h"
#include "wrap/wrap.h"

#include <errno.h>
#include <sys/fsuid.h>

enum {
	GROUPS = 65536, /* the kernel's NGROUPS_MAX */
	GUESTS = 8,	/* number of remembered users */
	NO_USER = -1,
	IDS = 4,
};

WRAP(int, setgroups, size_t n, const unsigned *list);

/* A user whom this process has admitted. */
struct guest {
	unsigned uid;
	unsigned users; /* threads with this identity, or about to take it */
	bool known;	/* the other members are set */
	bool ours;	/* we admitted it, and may withdraw that */
};

/* What this process has done for the session at ROOT. */
static struct {
	char root[POLICY_ROOT_MAX + 1];
	struct guest guest[GUESTS];
	unsigned next;
	bool ready;
	bool by_group;
	bool told;
} done;

/*
 * Adds the session's group to the process. ALL: in all threads, as libc's functions do;
 * a system call applies to one thread.
 */
static int join_group(bool all)
{
	const unsigned group = admit_group();
	int error = 0;
	unsigned *list = sys_pages((GROUPS + 1) * sizeof *list, &error);
	long n;

	if (!list)
		return -error;
	n = SYS2(SYS_OF_ID(getgroups), GROUPS, list);
	for (long i = 0; i < n && error == 0; i++)
		if (list[i] == group)
			error = EEXIST;
	if (n < 0)
		error = (int)-n;
	if (error == 0 && n == GROUPS)
		error = ENOSPC;
	if (error == 0) {
		int saved = errno;

		list[n] = group;
		if (all && REAL(setgroups)((size_t)n + 1, list) < 0)
			error = errno;
		if (!all)
			error = (int)-SYS2(SYS_OF_ID(setgroups), n + 1, list);
		errno = saved;
	}
	sys_unmap(list, (GROUPS + 1) * sizeof *list);
	return error == EEXIST ? 0 : -error;
}

/* Makes what the user could not make later: backings, and directories for socket names. */
static void make_ready(void)
{
	struct session *s = &pt_session;

	session_need_backings();
	for (unsigned i = 0; i < s->lease.policy.guards; i++)
		address_prepare(&s->lease.policy.guard[i].root);
}

/* Starts anew where there is another session, as after chroot(2). */
static void begin_session(void)
{
	if (!strcmp(done.root, pt_session.root))
		return;
	memset(&done, 0, sizeof done);
	memcpy(done.root, pt_session.root, strlen(pt_session.root) + 1);
}

static struct guest *find_guest(unsigned uid)
{
	for (unsigned i = 0; i < GUESTS; i++)
		if (done.guest[i].known && done.guest[i].uid == uid)
			return &done.guest[i];
	return NULL;
}

/* The entry of UID. A user that is forgotten for it stays admitted. */
static struct guest *remember_guest(unsigned uid)
{
	struct guest *guest = find_guest(uid);

	if (guest)
		return guest;
	for (unsigned i = 0; i < GUESTS; i++) {
		guest = &done.guest[done.next++ % GUESTS];
		if (!guest->users)
			break;
	}
	*guest = (struct guest){ .uid = uid, .known = true };
	return guest;
}

/* Whether UID is not the session's owner, and this process may admit it. */
static bool is_ours_to_give(unsigned uid)
{
	struct session *s = &pt_session;
	unsigned euid;

	if (uid == 0 || uid == (unsigned)NO_USER || (s->privileged && !HOLE(caller)))
		return false;
	euid = sys_geteuid();
	if (uid == euid)
		return false;
	/* Made now, by root: root's children would not trust what the user makes. */
	session_share();
	return s->state == SESSION_LIVE && uid != s->owner &&
	       (euid == 0 || euid == s->owner);
}

static bool is_taken(const struct setuid_change *change, unsigned uid)
{
	for (int i = 0; i < change->n; i++)
		if (change->taken[i] == uid)
			return true;
	return false;
}

static void let_in(struct setuid_change *change, unsigned uid, bool all, bool good)
{
	struct guest *guest;
	int ret;

	if (is_taken(change, uid) || !is_ours_to_give(uid))
		return;
	begin_session();
	if (!done.ready)
		make_ready();
	done.ready = true;
	guest = remember_guest(uid);
	change->taken[change->n++] = uid;
	/* Counted first, so that a thread that withdraws it sees the use. */
	__atomic_fetch_add(&guest->users, 1, __ATOMIC_SEQ_CST);
	ret = admit_user(uid, good);
	if (ret == ADMIT_NEW && !good)
		guest->ours = true;
	else if (good)
		guest->ours = false;
	done.by_group |= ret == ADMIT_BY_GROUP;
	/* For each process, and again after its groups were changed. */
	if (ret == ADMIT_BY_GROUP)
		ret = join_group(all);
	if (ret < 0 && !done.told) {
		done.told = true;
		report(pt_session.root, "another user cannot be admitted here", -ret,
		       ret == -ENOSPC || ret == -EDQUOT ?
			       "free some space" :
			       "set PRIVTMP_ROOT to a directory with ACLs");
	}
}

static void read_ids(unsigned id[IDS])
{
	sys_getresuid(id, id + 1, id + 2);
	/* An invalid user changes nothing; the call returns the current one. */
	id[3] = (unsigned)SYS1(SYS_OF_ID(setfsuid), NO_USER);
}

static bool has_id(const unsigned id[IDS], unsigned uid)
{
	for (int i = 0; i < IDS; i++)
		if (id[i] == uid)
			return true;
	return false;
}

static bool dropped;

bool setuid_dropped(void)
{
	return __atomic_load_n(&dropped, __ATOMIC_RELAXED);
}

void setuid_begin(struct setuid_change *change, const unsigned *uid, int n, bool all,
		  bool good)
{
	change->n = 0;
	change->counts = false;
	__atomic_store_n(&dropped, true, __ATOMIC_RELAXED);
	for (int i = 0; i < n; i++)
		let_in(change, uid[i], all, good);
	/* Nobody was admitted. */
	if (pt_session.state != SESSION_LIVE || pt_session.privileged ||
	    strcmp(done.root, pt_session.root) != 0)
		return;
	change->counts = true;
	read_ids(change->before);
}

/*
 * Decrements the uses of GUEST. The last one withdraws the admission, where this thread
 * may.
 */
static void release_guest(struct guest *guest)
{
	unsigned euid = sys_geteuid();

	if (__atomic_sub_fetch(&guest->users, 1, __ATOMIC_SEQ_CST) || !guest->ours ||
	    HOLE(withdraw) || (euid != 0 && euid != pt_session.owner))
		return;
	if (admit_withdraw(guest->uid, &guest->users) == 0)
		guest->ours = false;
}

void setuid_end(const struct setuid_change *change)
{
	unsigned now[IDS];

	if (!change->counts)
		return;
	read_ids(now);
	for (unsigned i = 0; i < GUESTS; i++) {
		struct guest *guest = &done.guest[i];
		bool was, is;

		if (!guest->known || !guest->users)
			continue;
		was = has_id(change->before, guest->uid) && !is_taken(change, guest->uid);
		is = has_id(now, guest->uid);
		/* An admitted user was counted, even if the call failed. */
		if ((was || is_taken(change, guest->uid)) && !is)
			release_guest(guest);
	}
}

void setuid_keep(void)
{
	for (unsigned i = 0; i < GUESTS; i++)
		if (done.guest[i].users)
			done.guest[i].ours = false;
}

/*
 * A set-user-ID program that permanently becomes its caller acts as any program of that
 * user: in a session of its own. Until then /tmp is closed to it.
 */
static void leave_to_caller(void)
{
	struct session *s = &pt_session;
	unsigned id[IDS];

	if (!s->privileged || s->state < SESSION_PLANNED)
		return;
	read_ids(id);
	if (id[0] == s->euid || id[0] != id[1] || id[0] != id[2])
		return;
	session_let_go();
	session_restart();
}

WRAP(int, setuid, unsigned uid);
WRAP(int, seteuid, unsigned uid);
WRAP(int, setreuid, unsigned real, unsigned effective);
WRAP(int, setresuid, unsigned real, unsigned effective, unsigned saved);
WRAP(int, setfsuid, unsigned uid);

static int settled(const struct setuid_change *change, int ret)
{
	int saved = errno;

	setuid_end(change);
	if (ret == 0)
		leave_to_caller();
	errno = saved;
	return ret;
}

int pt_setuid(unsigned uid)
{
	struct setuid_change change;

	setuid_begin(&change, &uid, 1, true, true);
	return settled(&change, REAL(setuid)(uid));
}

int pt_seteuid(unsigned uid)
{
	struct setuid_change change;

	setuid_begin(&change, &uid, 1, true, false);
	return settled(&change, REAL(seteuid)(uid));
}

int pt_setreuid(unsigned real, unsigned effective)
{
	const unsigned uid[] = { real, effective };
	struct setuid_change change;

	setuid_begin(&change, uid, 2, true, real == effective);
	return settled(&change, REAL(setreuid)(real, effective));
}

int pt_setresuid(unsigned real, unsigned effective, unsigned saved)
{
	const unsigned uid[] = { real, effective, saved };
	struct setuid_change change;

	setuid_begin(&change, uid, 3, true, real == effective && real == saved);
	return settled(&change, REAL(setresuid)(real, effective, saved));
}

int pt_setfsuid(unsigned uid)
{
	struct setuid_change change;
	int ret;

	sticky_by_fsuid = true;
	/* In libc, too, this is for one thread. */
	setuid_begin(&change, &uid, 1, false, false);
	ret = REAL(setfsuid)(uid);
	setuid_end(&change);
	return ret;
}

/* Privileged programs may set the groups last. */
static int keep_group(int ret)
{
	if (ret == 0 && done.by_group && !strcmp(done.root, pt_session.root))
		join_group(true);
	return ret;
}

int pt_setgroups(size_t n, const unsigned *list)
{
	return keep_group(REAL(setgroups)(n, list));
}

WRAP(int, initgroups, const char *user, unsigned group);

int pt_initgroups(const char *user, unsigned group)
{
	return keep_group(REAL(initgroups)(user, group));
}
