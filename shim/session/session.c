/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Being a member: planning; see session.h. Joining a session is join.c's,
 * making a new one make.c's, handing it on handover.c's, its end
 * leave.c's.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "policy/config.h"
#include "session/confine.h"
#include "session/helper.h"
#include "session/hints.h"
#include "session/own.h"
#include "session/remove.h"
#include "session/trust.h"
#include "core/hole.h"
#include "core/layout.h"
#include "core/sys.h"
#include "core/report.h"
#include "policy/view.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __GLIBC__
extern void *__libc_stack_end;	/* the dynamic loader's */
#endif

struct session pt_session EACH_START_LAST;

/* Descriptors of ours are out of the way of those that programs count on. */
enum { APART = 200 };

/* Keeps FD itself, where no mapping holds the lock. */
static int keep_descriptor(int fd)
{
	int apart = (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, APART);

	if (apart < 0)	/* the program's limit: then as low as it can be */
		apart = (int)SYS3(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	sys_close(fd);
	if (apart < 0)
		return apart;
	pt_session.held = apart + 1;
	return 0;
}

int session_hold(int fd)
{
	struct session *s = &pt_session;
	int error = 0;

	if (s->lease.how & LEASE_HOLD_DESCRIPTOR)
		return keep_descriptor(fd);
	s->locked = LEASE_PAGE;
	s->lock = sys_map_file(fd, s->locked, PROT_READ, &error);
	sys_close(fd);
	return -error;
}

static void set_state(enum session_state state)
{
	__atomic_store_n(&pt_session.state, (int)state, __ATOMIC_RELEASE);
}

/*
 * No session: what is guarded has to fail from now on, so there must be a
 * policy that says what is guarded, even where the one asked for is no good.
 */
static void fail(int error, enum onfail onfail)
{
	struct session *s = &pt_session;
	static const char guards[] = "guard /dev/null\t/tmp\n"
				     "guard /dev/null\t/var/tmp\n";

	/* That would make a program try again for ever. */
	s->error = error == EINTR ? EAGAIN : error;
	if (onfail == ONFAIL_PASS) {
		if (!s->reported)
			session_report();
		report("PRIVTMP_ONFAIL=pass", "this program runs unprotected, "
		       "in the shared directories", 0, NULL);
		view_use(NULL, NULL);
		set_state(SESSION_OFF);
		return;
	}
	if (!s->lease.policy.guards) {
		policy_parse(guards, sizeof guards - 1, &s->lease.policy);
		view_use(&s->lease.policy, NULL);
	}
	set_state(SESSION_FAILED);
}

static enum onfail onfail_of(const struct settings *settings)
{
	return settings->onfail && !strcmp(settings->onfail, "pass") ?
		       ONFAIL_PASS : ONFAIL_DENY;
}

static void no_helper(int error)
{
	report(pt_session.root, "no helper to remove this after a crash", error,
	       "run privtmp sweep afterwards");
}

/* The root was made without a helper: members may start one. */
static void say_unwatched(void)
{
	hints_change(pt_session.root, pt_session.owner, LINKS_UNWATCHED, 0);
}

void session_refuse(int error)
{
	if (pt_session.lease.policy.onfail == ONFAIL_PASS ||
	    pt_session.state != SESSION_PLANNED)
		return;
	pt_session.reported = true;
	fail(error, ONFAIL_DENY);
}

/*
 * Whether none of the guarded directories exists, as in a fresh root: calls there
 * fail as they would without us, until there is one.
 */
static bool nothing_to_guard(void)
{
	const struct policy *policy = &pt_session.lease.policy;
	char view[POLICY_ROOT_MAX + 1];
	struct statx st;

	for (unsigned i = 0; i < policy->guards; i++) {
		if (policy->guard[i].view.len > POLICY_ROOT_MAX)
			return false;
		lease_root(&policy->guard[i].view, view);
		if (sys_statx(AT_FDCWD, view, 0, &st) != -ENOENT)
			return false;
	}
	return true;
}

/*
 * Whether the process is for a while not the user that it began as, by a set-user-ID
 * bit: what is made now would be its caller's.
 */
static bool is_lent(void)
{
	return pt_session.privileged && sys_geteuid() != pt_session.euid;
}

/* Takes over what was made. 0, or -errno where it has been removed again. */
static int take_over(struct making *m, int helper)
{
	struct session *s = &pt_session;
	int ret = 0;

	s->lock = m->lock;
	s->locked = m->locked;
	if (m->held >= 0)
		ret = keep_descriptor(m->held);
	s->made = 1;
	s->parent = 0;
	s->started = true;
	view_use(&s->lease.policy, hints_map(s->root, s->owner));
	/* The caller may kill a set-user-ID program: nothing is to be left by that. */
	if (ret == 0 && helper < 0 && s->privileged)
		ret = helper;
	if (ret < 0) {
		session_let_go();
		remove_session(&s->lease, m->root, NULL);
		view_use(&s->lease.policy, NULL);
	} else if (helper < 0) {
		no_helper(-helper);
		say_unwatched();
	}
	return ret;
}

/* Makes the session, with its helper. 0 or -errno. */
static int make(int *child)
{
	struct session *s = &pt_session;
	struct making m;
	int helper = 0, ret;

	s->owner = s->euid;
	helper_make(&m, &helper, child);
	if (m.error == EEXIST && s->lease.policy.scope == SCOPE_ROOT) {
		/* Somebody else has been faster. */
		ret = session_meet(false);
		if (ret == 0)
			view_use(&s->lease.policy, hints_map(s->root, s->owner));
		return ret;
	}
	if (m.error)
		return -m.error;
	ret = take_over(&m, helper);
	/* One of before another root is kept: the process may come back to that. */
	if (ret == 0 && s->published &&
	    !s->published->variable[sizeof SESSION_VARIABLE])
		session_name(s->published, s->pid);
	sys_close(m.lease);
	sys_close(m.root);
	return ret;
}

/* Not now, for ERROR; which may be another the next time. */
static int put_off(int error)
{
	struct session *s = &pt_session;

	if (error == EACCES && !s->reported) {
		s->reported = true;
		report(s->root, "nothing private can be made here for a program with "
		       "the rights of another, while it is its caller", error,
		       "let it use /tmp before, or take its rights back first");
	}
	s->error = error;
	set_state(SESSION_PLANNED);
	return error;
}

/* The session could be made, but not be confined: nobody is to be in it. */
static int not_confined(int error, enum onfail onfail)
{
	struct session *s = &pt_session;

	s->reported = true;
	report("PRIVTMP_CONFINE=yes", "cannot be confined", error,
	       "set it to no, or auto");
	session_let_go();
	s->made = 0;
	fail(error, onfail);
	return error;
}

/* Makes what was planned. The state is STARTING, and is another afterwards. */
static int make_planned(enum onfail onfail, bool tool, int *child)
{
	struct session *s = &pt_session;
	int ret;

	if (is_lent())
		return put_off(EACCES);
	if (!tool && nothing_to_guard())
		return put_off(ENOENT);
	/* Who they are may have changed since main began. */
	if (s->main_reached && !s->privileged)
		s->euid = sys_geteuid();
	ret = make(child);
	if (ret < 0) {
		fail(-ret, onfail);
		return -ret;
	}
	set_state(SESSION_LIVE);
	if (!tool && s->lease.policy.confine == CONFINE_YES) {
		ret = confine_start();
		if (ret < 0)
			return not_confined(-ret, onfail);
	}
	return 0;
}

/*
 * A process that was started in a guarded directory itself belongs in its
 * backing. One started further below stays where it is, since its files are there: as
 * in a shared path, where it is its own; else it is told.
 */
static void move_cwd(void)
{
	struct session *s = &pt_session;
	char cwd[PATH_MAX];
	ssize_t n;
	size_t inside;
	int guard;

	if (own_cwd() == OWN_ELSEWHERE)
		return;
	n = sys_getcwd(cwd, sizeof cwd) - 1;
	guard = n < 1 ? -1 : view_guard_of(cwd, (size_t)n, &inside);
	if (guard < 0)
		return;
	pt_view.cwd_inside = 1;	/* what is started from here looks there, too */
	if (view_is_shared(cwd, (size_t)n, inside)) {
		view_know_cwd();
		return;
	}
	if (inside < (size_t)n) {
		view_exact();
		report(cwd, "the working directory is a shared one and stays "
		       "so: relative paths are not private", 0,
		       "start from another directory");
		return;
	}
	if (session_need_backing((unsigned)guard, true) == 0) {
		const struct text *to_there = &s->lease.policy.guard[guard].prefix;
		char to[POLICY_ROOT_MAX + PATH_MAX];

		memcpy(to, to_there->at, to_there->len);
		memcpy(to + to_there->len, cwd, (size_t)n + 1);
		sys_chdir(to);
	}
}

/*
 * Whether this may start from where it lies and where it stands. Who would rather run
 * unprotected goes on where others can write to the working directory: paths that are
 * no relative ones are private all the same.
 */
static bool may_start(enum onfail onfail)
{
	const char *shim = own_shim_open();
	char cwd[PATH_MAX];

	if (shim)
		report(shim, "others can put another in the place of this shim",
		       0, "close it and its directory to others (chmod go-w), or "
		       "put it elsewhere");
	else if (own_cwd() == OWN_OPEN && onfail == ONFAIL_DENY)
		report(sys_getcwd(cwd, sizeof cwd) > 0 ? cwd : ".", "others can "
		       "write to the working directory, or to what leads to it",
		       0, "start from another directory, or close it to others "
		       "(chmod go-w)");
	else
		return true;
	pt_session.reported = true;
	view_use(&pt_session.lease.policy, NULL);
	view_exact();
	return false;
}

/*
 * Plans a session, or joins the one that is to be met at a root. 0 or -errno; the
 * state is LIVE for the latter.
 */
static int plan_or_meet(const struct settings *settings, char *const *envp)
{
	struct session *s = &pt_session;
	int ret;

	memset(&s->lease.policy, 0, sizeof s->lease.policy);
	ret = session_plan(settings, envp);
	if (ret == 0 && !may_start(onfail_of(settings)))
		ret = -EACCES;
	if (ret < 0 || s->lease.policy.scope != SCOPE_ROOT)
		return ret;
	ret = session_meet(true);
	if (ret == 0) {
		view_use(&s->lease.policy, hints_unread);
		set_state(SESSION_LIVE);
		return 0;
	}
	/* It may have read some of that one's policy. */
	return ret == -ENOENT ? 0 : session_plan(settings, envp);
}

/*
 * The same, with what "confine" comes to here. Where it was asked for and cannot be had
 * there is no session, or, for who would rather go on, one that is not confined.
 */
static int plan_confined(const struct settings *settings, char *const *envp)
{
	struct session *s = &pt_session;
	const struct policy *policy = &s->lease.policy;
	struct settings settled = *settings;
	struct obstacle obstacle;
	int ret = plan_or_meet(&settled, envp);

	if (ret < 0 || s->state == SESSION_LIVE || policy->confine == CONFINE_NO)
		return ret;
	settled.confine = policy_confines[CONFINE_NO];
	/* After chroot(2): the domain is there, and is not this session's. */
	if (s->confined)
		return session_plan(&settled, envp);
	if (policy->confine == CONFINE_AUTO) {
		if (confine_suits(policy))
			settled.confine = policy_confines[CONFINE_YES];
		return session_plan(&settled, envp);
	}
	confine_ask(policy, &obstacle);
	if (!obstacle.what)
		return 0;
	report(obstacle.about, obstacle.what, obstacle.error, obstacle.remedy);
	if (onfail_of(settings) == ONFAIL_PASS)
		return session_plan(&settled, envp);
	s->reported = true;
	return -EOPNOTSUPP;
}

/* Plans a session; TOOL: makes it, too. The state is STARTING. */
static int start(const struct settings *settings, char *const *envp, bool tool,
		 int *child)
{
	struct session *s = &pt_session;
	const enum onfail onfail = onfail_of(settings);
	int ret = plan_confined(settings, envp);

	if (ret < 0) {
		fail(-ret, onfail);
		return -ret;
	}
	if (s->state == SESSION_LIVE) {
		move_cwd();
		return 0;
	}
	view_use(&s->lease.policy, NULL);
	/*
	 * Whoever would rather run unprotected has to know it from the start; and what
	 * goes past the shim is to be kept out from the start.
	 */
	if (tool || onfail == ONFAIL_PASS ||
	    s->lease.policy.confine == CONFINE_YES) {
		ret = make_planned(onfail, tool, child);
		if (ret)
			return ret;
	} else {
		set_state(SESSION_PLANNED);
	}
	move_cwd();
	return 0;
}

/*
 * The configuration is wrong: what is guarded fails, as far as that can be told.
 * The reason is given when it does, for programs that use no /tmp go on.
 */
static int refuse(const struct settings *settings, const struct settings *given)
{
	struct session *s = &pt_session;

	memset(&s->lease.policy, 0, sizeof s->lease.policy);
	if (session_plan(settings, NULL) == 0)
		view_use(&s->lease.policy, NULL);
	s->reported = false;
	fail(EINVAL, onfail_of(given));
	return EINVAL;
}

static bool is_off(const struct settings *settings)
{
	if (!settings->mode || strcmp(settings->mode, "off") != 0)
		return false;
	set_state(SESSION_OFF);
	return true;
}

/* Joins the session that VALUE names, if it is for this program to join. */
static bool join(const char *value)
{
	struct session *s = &pt_session;

	if (session_join(value) < 0)
		return false;
	/* Where each program has its own, this one's was made by the launcher. */
	if (s->lease.policy.scope != SCOPE_PROCESS || s->first) {
		view_use(&s->lease.policy, hints_unread);
		s->confined |= s->lease.policy.confine == CONFINE_YES;
		set_state(SESSION_LIVE);
		return true;
	}
	/* Not a member of that one: it ends without this process. */
	session_let_go();
	return false;
}

int session_enter(char *const *envp, const struct settings *settings, int *child)
{
	struct session *s = &pt_session;
	struct settings given, all;
	const bool tool = settings != NULL;
	const char *inherited = NULL;
	int none = SESSION_NONE;

	if (!__atomic_compare_exchange_n(&s->state, &none, SESSION_STARTING,
					 false, __ATOMIC_ACQUIRE,
					 __ATOMIC_ACQUIRE))
		return 0;
	s->pid = sys_getpid();
	/* Here, because constructors of others may come before our own. */
	s->privileged = !tool && getauxval(AT_SECURE) != 0;
	if (s->privileged && !HOLE(believe))
		envp = NULL;
	if (!s->main_reached)
		s->euid = (unsigned)getauxval(AT_EUID);	/* no call needed yet */
	else
		s->euid = sys_geteuid();
	if (tool)
		return is_off(settings) ? 0 : start(settings, envp, true, child);
	settings_from_environment(envp, &given);
	if (is_off(&given))
		return 0;
	inherited = environment_value(envp, SESSION_VARIABLE);
	if (inherited && join(inherited))
		return 0;
	all = given;
	if (config_load(NULL, &all) < 0)
		return refuse(&all, &given);
	return is_off(&all) ? 0 : start(&all, envp, false, NULL);
}

/* A handler that needs the session, too, would wait for what it interrupts. */
static void block_signals(sigset_t *before)
{
	sigset_t all;

	memset(&all, 0xff, sizeof all);
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, &all, before, _NSIG / 8);
}

static void unblock_signals(const sigset_t *before)
{
	SYS4(SYS_rt_sigprocmask, SIG_SETMASK, before, NULL, _NSIG / 8);
}

int session_share(void)
{
	struct session *s = &pt_session;
	int ret = session_need(), planned = SESSION_PLANNED;
	sigset_t before;

	if (ret || s->state != SESSION_PLANNED)
		return ret;
	block_signals(&before);
	if (__atomic_compare_exchange_n(&s->state, &planned, SESSION_STARTING,
					false, __ATOMIC_ACQUIRE,
					__ATOMIC_ACQUIRE))
		make_planned(ONFAIL_DENY, false, NULL);
	unblock_signals(&before);
	ret = session_need();
	/* There is nothing to guard, or it is not the time for it. */
	return !ret && s->state == SESSION_PLANNED ? s->error : ret;
}

void session_restart(void)
{
	struct session *s = &pt_session;

	s->made = 0;
	s->parent = 0;
	s->main_reached = true;
	view_use(s->lock || s->held ? &s->lease.policy : NULL, NULL);
	set_state(SESSION_NONE);
}

int session_need(void)
{
	struct session *s = &pt_session;
	int ret = session_ask();

	if (ret && s->state == SESSION_FAILED &&
	    !__atomic_exchange_n(&s->reported, true, __ATOMIC_RELAXED))
		session_report();
	return ret;
}

/* The environment, also for calls that come before libc knows it itself. */
static char **environment(void)
{
	char **from = environ;

#ifdef __GLIBC__
	/* Where the kernel put it: the number of arguments, these, NULL, the variables. */
	if (!from && __libc_stack_end) {
		const long *stack = __libc_stack_end;

		from = (char **)stack + 1 + *stack + 1;
	}
#endif
	return from;
}

static void read_hints(void)
{
	struct session *s = &pt_session;
	const volatile unsigned char *unread = hints_unread;

	__atomic_compare_exchange_n(&pt_view.links, &unread,
				    hints_map(s->root, s->owner), false,
				    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

bool session_watched(void)
{
	if (*pt_view.links & LINKS_UNREAD)
		read_hints();
	return !(*pt_view.links & LINKS_UNWATCHED);
}

bool session_mixed(void)
{
	return pt_view.mixed || (*pt_view.links & LINKS_MIXED);
}

/* No more of that: this process cannot change it. */
static void overlook_unwatched(void)
{
	const volatile unsigned char *links = pt_view.links;

	if (*links & LINKS_UNWATCHED)
		__atomic_compare_exchange_n(&pt_view.links, &links,
					    links + HINTS_SANS_UNWATCHED, false,
					    __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

void session_wrote(void)
{
	struct session *s = &pt_session;
	static unsigned char tries;
	struct statx st;
	int fd, lease, ret;

	if (s->state != SESSION_LIVE || session_watched())
		return;
	/* One that was asked to go may be replaced; not again and again. */
	if (sys_geteuid() != s->owner ||
	    __atomic_fetch_add(&tries, 1, __ATOMIC_RELAXED) >= 4) {
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
	if (ret < 0) {
		no_helper(-ret);
		say_unwatched();
	}
}

void session_links(unsigned char bits)
{
	struct session *s = &pt_session;
	static unsigned char own[HINTS_SANS_MIXED + 1];

	session_share();
	if (s->state != SESSION_LIVE || (*pt_view.links & bits) == bits)
		return;
	if (sys_geteuid() == s->owner &&
	    hints_change(s->root, s->owner, bits, 0) == 0)
		return;
	/* Another user's: all others' programs go where the kernel says. */
	own[0] = (unsigned char)((*pt_view.links & ~LINKS_UNWATCHED) | bits);
	own[HINTS_SANS_MIXED] = own[0] & (unsigned char)~LINKS_MIXED;
	__atomic_store_n(&pt_view.links, own + pt_view.mixed, __ATOMIC_RELEASE);
	report(s->root, "the owner's programs will not know of a new link that "
	       "leads across its border", 0, "make such links as the owner");
}

__attribute__((noinline)) void session_heed(void)
{
	if (*pt_view.links & LINKS_UNREAD)
		read_hints();
	if (*pt_view.links & LINKS_UNWATCHED)
		session_wrote();
}

int session_ask(void)
{
	struct session *s = &pt_session;
	sigset_t before;

	for (int i = 0; i < 5000; i++) {
		switch (__atomic_load_n(&s->state, __ATOMIC_ACQUIRE)) {
		case SESSION_NONE:
			block_signals(&before);
			session_enter(environment(), NULL, NULL);
			unblock_signals(&before);
			break;
		case SESSION_STARTING:
			/* Another thread is at it: a few calls' time. */
			sys_moment();
			break;
		case SESSION_FAILED:
			return s->error;
		default:
			if (*pt_view.links & (LINKS_UNREAD | LINKS_UNWATCHED))
				session_heed();
			return 0;
		}
	}
	return EAGAIN;
}

void session_forked(void)
{
	struct session *s = &pt_session;

	if (s->state == SESSION_LIVE)
		s->parent = s->pid;
	s->pid = sys_getpid();
	/* The thread that was at it is the parent's. */
	if (s->state == SESSION_STARTING)
		set_state(SESSION_NONE);
	s->started = false;
	/* The threads that were making a backing are the parent's. */
	s->makers = 0;
	/* There is no /tmp to share: each has its own, once there is one. */
	if (s->state == SESSION_PLANNED)
		session_restart();
}
