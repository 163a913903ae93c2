/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a process gets its session, before main: it joins its parent's, meets others at a
 * root, or plans its own; see enter.h.
 */
#define _GNU_SOURCE
#include "session/enter.h"
#include "core/hole.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/config_load.h"
#include "policy/inherited.h"
#include "policy/view.h"
#include "session/confine.h"
#include "session/handover.h"
#include "session/hints.h"
#include "session/internal.h"
#include "session/join.h"
#include "session/leave.h"
#include "session/own.h"
#include "session/plan.h"
#include "session/session.h"
#include "session/shut_in.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>

static enum onfail onfail_of(const struct settings *settings)
{
	return settings->onfail && !strcmp(settings->onfail, "pass") ? ONFAIL_PASS :
								       ONFAIL_DENY;
}

/* Apart, because of its room on the stack, which few starts need. */
static __attribute__((noinline)) void move_cwd_inside(void)
{
	struct session *s = &pt_session;
	char cwd[PATH_MAX];
	enum inherited what;
	size_t n, inside;
	int guard;

	n = inherited_name(AT_FDCWD, cwd, &what);
	guard = n ? view_guard_of(cwd, n, &inside) : -1;
	if (guard < 0)
		return;
	pt_view.cwd_inside = 1; /* processes started from here check as well */
	if (what == INHERITED_GONE || view_is_shared(cwd, n, inside)) {
		view_know_cwd();
		return;
	}
	if (inside < n || what == INHERITED_BELOW) {
		view_exact();
		report(cwd,
		       "the working directory is a shared one and stays "
		       "so: relative paths are not private",
		       0, "start from another directory");
		return;
	}
	if (session_need_backing((unsigned)guard, true) == 0) {
		const struct text *to_there = &s->lease.policy.guard[guard].prefix;
		char to[POLICY_ROOT_MAX + PATH_MAX];

		memcpy(to, to_there->at, to_there->len);
		memcpy(to + to_there->len, cwd, n + 1);
		sys_chdir(to);
	}
}

/*
 * A process that was started in a guarded directory itself is moved to the backing. One
 * that was started further below stays there, where its files are: an own directory is
 * a shared path, and any other is reported.
 */
static void move_cwd(void)
{
	if (own_cwd() != OWN_ELSEWHERE)
		move_cwd_inside();
}

/* Plans a session; TOOL: makes it, too. The state is STARTING. */
static int start_session(const struct settings *settings, char *const *envp, bool tool,
			 int *child)
{
	struct session *s = &pt_session;
	const enum onfail onfail = onfail_of(settings);
	int ret = session_settle(settings, envp, onfail, tool);

	if (ret < 0) {
		session_fail(-ret, onfail);
		return -ret;
	}
	if (s->state == SESSION_OFF) /* inside the mount door */
		return 0;
	if (s->state == SESSION_LIVE) {
		move_cwd();
		return 0;
	}
	view_use(&s->lease.policy, NULL);
	/*
	 * With ONFAIL_PASS the program must be told before it runs unprotected. A
	 * confined session must exist before the program can bypass the shim.
	 */
	if (tool || onfail == ONFAIL_PASS || s->lease.policy.confine == CONFINE_YES) {
		ret = session_make_planned(onfail, tool, child);
		if (ret)
			return ret;
	} else {
		session_set_state(SESSION_PLANNED);
	}
	move_cwd();
	return 0;
}

/*
 * The configuration has a mistake: paths that are guarded fail, as far as these are
 * known. The reason is reported when one does: programs that use no /tmp go on.
 */
static int refuse_guarded(const struct settings *settings, const struct settings *given)
{
	struct session *s = &pt_session;

	memset(&s->lease.policy, 0, sizeof s->lease.policy);
	if (session_plan(settings, NULL) == 0)
		view_use(&s->lease.policy, NULL);
	s->reported = false;
	session_fail(EINVAL, onfail_of(given));
	return EINVAL;
}

/* What is said from here on goes where these settings say. */
static void report_by(const struct settings *settings)
{
	const char *words = policy_settings[SETTING_LOG].words;
	int to = settings->log ?
			 policy_word(words, settings->log, strlen(settings->log)) :
			 0;

	report_use(to < 0 ? REPORT_AUTO : (enum report_to)to);
}

static bool is_off(const struct settings *settings)
{
	if (!settings->mode)
		return false;
	if (strcmp(settings->mode, "off") != 0 &&
	    !(&session_observes && !strcmp(settings->mode, "audit")))
		return false;
	session_set_state(SESSION_OFF);
	return true;
}

/* Joins the session that VALUE names, if it is meant for this program. */
static bool join_named(const char *value)
{
	struct session *s = &pt_session;

	if (session_join(value) < 0)
		return false;
	report_use((enum report_to)s->lease.policy.log);
	/*
	 * With SCOPE_PROCESS only the launcher's own session is joined. One that is held to
	 * a size is elsewhere than its roots are: behind its mount door.
	 */
	if (!s->lease.policy.size_limit &&
	    (s->lease.policy.scope != SCOPE_PROCESS || s->first)) {
		view_use(&s->lease.policy, hints_unread);
		s->confined |= s->lease.policy.confine == CONFINE_YES;
		session_set_state(SESSION_LIVE);
		s->shut_in = shut_in_from_start();
		return true;
	}
	/* Not a member of that session, which may end without this process. */
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

	if (!__atomic_compare_exchange_n(&s->state, &none, SESSION_STARTING, false,
					 __ATOMIC_ACQUIRE, __ATOMIC_ACQUIRE))
		return 0;
	s->pid = sys_getpid();
	/* Here and not in the constructor: other constructors may run before ours. */
	s->privileged = !tool && getauxval(AT_SECURE) != 0;
	if (s->privileged) {
		/* Whoever says so can only have fewer paths shared. */
		s->callers |=
			session_says_callers(environment_value(envp, SESSION_VARIABLE));
		if (!HOLE(believe))
			envp = NULL;
	}
	if (!s->main_reached)
		s->euid = (unsigned)getauxval(AT_EUID); /* needs no system call */
	else
		s->euid = sys_geteuid();
	if (tool)
		report_by(settings);
	if (tool)
		return is_off(settings) ? 0 : start_session(settings, envp, true, child);
	settings_from_environment(envp, &given);
	report_by(&given);
	if (is_off(&given))
		return 0;
	inherited = environment_value(envp, SESSION_VARIABLE);
	if (inherited && join_named(inherited))
		return 0;
	all = given;
	if (config_load(NULL, &all) < 0)
		return refuse_guarded(&all, &given);
	report_by(&all);
	return is_off(&all) ? 0 : start_session(&all, envp, false, NULL);
}
