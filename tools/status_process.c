/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* privtmp status of one process; see status.h. */
#include "status.h"
#include "fit.h"
#include "json.h"
#include "policy/config_load.h"
#include "policy_show.h"
#include "preload_list.h"
#include "process.h"
#include "procfs.h"
#include "remedy.h"
#include "sessions.h"
#include "origin.h"
#include "show.h"

#include <elf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct answer {
	long long number; /* as it was asked for */
	struct process_facts facts;
	const struct found *session;
	const struct member *member;
	const char *door; /* NULL: none */
	enum verdict verdict;
	struct reason reason;
};

/* The member of SESSION that is this process. */
static const struct member *member_of(const struct found *session, pid_t pid)
{
	const struct member *m = session ? session->members : NULL;

	while (m && m->pid != pid)
		m = m->next;
	return m;
}

static void decide(struct answer *a, enum verdict verdict, const char *why,
		   const char *remedy)
{
	a->verdict = verdict;
	a->reason = (struct reason){ why, remedy };
}

/* Why the shim is not in the process F. */
static struct reason why_absent(const struct process_facts *f)
{
	static const char run[] = "start it by privtmp run";
	char word[512];
	const bool by_file = preload_find_in_file(word, sizeof word);
	const bool by_path = by_file && strchr(word, '/');

	if (f->program.known && f->program.is_static)
		return (struct reason){
			"statically linked: no library can be loaded into it",
			"start it by privtmp run, which takes mounts for it"
		};
	if (f->secure && by_file && !by_path)
		return (struct reason){ "set-user-ID or the like, and " PRELOAD_FILE
					" names the shim without its directory",
					"write /usr/$LIB/" PRELOAD_SHIM " there" };
	if (f->secure && !by_file)
		return (struct reason){ "set-user-ID, set-group-ID or with capabilities: "
					"the dynamic linker ignores LD_PRELOAD",
					"name the shim in " PRELOAD_FILE };
	if (!f->secure && preload_find(f->preload, word, sizeof word))
		return (struct reason){
			"its LD_PRELOAD names the shim, and the dynamic linker could not "
			"load that",
			"see what it has written, and privtmp doctor"
		};
	if (by_file)
		return (struct reason){ "started before " PRELOAD_FILE " named the shim",
					"start it again" };
	if (!f->known_environment)
		return (struct reason){ "the shim is not loaded", run };
	return (struct reason){ "neither its LD_PRELOAD nor " PRELOAD_FILE
				" names the shim",
				run };
}

/*
 * Whether the dynamic linker is still to load the shim, which it does first: until then there is
 * only the program and itself. With musl these can be all that there ever is.
 */
static bool is_loading(const struct process_facts *f)
{
	const struct program *p = &f->program;
	char word[512];

	if (!p->known || p->is_static || p->is_linker || p->musl ||
	    f->files > PROCFS_LOADING)
		return false;
	return preload_find_in_file(word, sizeof word) ||
	       (!f->secure && preload_find(f->preload, word, sizeof word));
}

/* Why it has no session although the shim is loaded. */
static void explain_no_session(struct answer *a, const struct options *options)
{
	const struct process_facts *f = &a->facts;
	struct settings settings;
	static char why[600];
	char origin[512];

	memset(&settings, 0, sizeof settings);
	/* A privileged program ignores these variables. */
	if (!f->secure && f->mode[0])
		settings.mode = f->mode;
	if (!f->secure && f->onfail[0])
		settings.onfail = f->onfail;
	if (settings.mode && !strcmp(settings.mode, "off")) {
		decide(a, VERDICT_NOT_PRIVATE, "it was started with PRIVTMP_MODE=off",
		       NULL);
		return;
	}
	if (config_load(f->exe, &settings) < 0) {
		decide(a, VERDICT_PRIVATE,
		       "the configuration has a mistake, so that guarded paths fail",
		       "see privtmp check-config");
		return;
	}
	if (settings.mode && !strcmp(settings.mode, "off")) {
		origin_of_setting(options, f->exe, SETTING_MODE, "off", origin,
				  sizeof origin);
		snprintf(why, sizeof why, "mode = off, by %s", origin);
		decide(a, VERDICT_NOT_PRIVATE, why,
		       "give it a section with mode = redirect");
		return;
	}
	if (settings.onfail && !strcmp(settings.onfail, "pass")) {
		decide(a, VERDICT_NOT_PRIVATE,
		       "onfail = pass, and no private directory could be had",
		       "see what it has written");
		return;
	}
	decide(a, VERDICT_PRIVATE,
	       "no session yet: it has used no guarded path, or what it tried failed",
	       NULL);
}

static void judge_seen(struct answer *a, const struct options *options)
{
	const struct process_facts *f = &a->facts;
	const bool mounted = f->mounted[0] != '\0';

	a->verdict = VERDICT_PRIVATE;
	a->session = sessions_of(&options->settings, f->pid);
	if (!a->session && mounted)
		a->session = sessions_shown(&options->settings, f->pid, f->mounted_root);
	a->member = member_of(a->session, f->pid);
	if (mounted || f->library[0])
		a->door = mounted ? "mount" : "preload";
	if (f->helper) {
		decide(a, VERDICT_PRIVATE, "a helper, which removes a session", NULL);
	} else if (!a->door && a->member && a->member->mapped) {
		decide(a, VERDICT_PRIVATE, "privtmp itself, which needs no shim", NULL);
	} else if (!a->door && f->lease) {
		decide(a, VERDICT_UNKNOWN,
		       "it has the lease of a session, which cannot be looked at, or is "
		       "none",
		       NULL);
	} else if (!a->door && is_loading(f)) {
		decide(a, VERDICT_UNKNOWN, "it is just being loaded", "ask again");
	} else if (!a->door) {
		a->verdict = VERDICT_NOT_PRIVATE;
		a->reason = why_absent(f);
	} else if (!mounted && !a->member) {
		explain_no_session(a, options);
	}
}

/* It is there, and nothing is known of it. */
static void not_seen(struct answer *a)
{
	static char why[128];

	if (!a->facts.error) {
		decide(a, VERDICT_UNKNOWN, "it may not be looked into",
		       geteuid() ? "ask as its user, or as root" : NULL);
		return;
	}
	snprintf(why, sizeof why, "it cannot be looked into: %s",
		 strerror(a->facts.error));
	decide(a, VERDICT_UNKNOWN, why, remedy_of(a->facts.error));
}

static void judge(struct answer *a, const struct options *options)
{
	switch (a->facts.state) {
	case PROCESS_GONE:
		decide(a, VERDICT_NOTHING, "no process has this number", NULL);
		break;
	case PROCESS_ENDED: decide(a, VERDICT_NOTHING, "it has ended", NULL); break;
	case PROCESS_KERNEL:
		decide(a, VERDICT_NOT_PRIVATE, "a thread of the kernel's", NULL);
		break;
	case PROCESS_UNSEEN:
		decide(a, VERDICT_UNKNOWN, "procfs is not on /proc", "mount it there");
		break;
	case PROCESS_CLOSED: not_seen(a); break;
	case PROCESS_SEEN: judge_seen(a, options); break;
	}
}

static void write_text(FILE *out, const struct answer *a)
{
	const struct process_facts *f = &a->facts;
	const struct found *s = a->session;
	char user[64];

	fprintf(out, "process %lld", a->number);
	if (f->command[0]) {
		fputs(" (", out);
		show_put(out, f->command);
		putc(')', out);
	}
	fprintf(out, ": %s\n", verdict_word(a->verdict));
	if (f->library[0]) {
		fputs("  shim     ", out);
		show_put(out, f->library);
		fprintf(out, "%s\n",
			f->replaced ? ", which has been replaced since" : "");
	} else if (f->state == PROCESS_SEEN) {
		fputs("  shim     not loaded\n", out);
	}
	if (a->door && a->verdict == VERDICT_PRIVATE)
		fprintf(out, "  door     %s\n", a->door);
	if (s) {
		fputs("  session  ", out);
		show_put(out, s->root);
		fprintf(out, ", %s, %s's%s\n", found_word(s->state),
			user_name(s->owner, user, sizeof user),
			a->verdict == VERDICT_PRIVATE ?
				"" :
				", which it keeps alive without being in it");
	}
	if (s && s->lease && a->door)
		policy_text(out, &s->lease->policy);
	status_text_reason(out, &a->reason, a->verdict);
}

static void write_json_session(const struct answer *a)
{
	const struct found *s = a->session;

	fputs(", \"session\": ", stdout);
	if (!s) {
		fputs("null", stdout);
		return;
	}
	fputs("{\"root\": ", stdout);
	json_string(stdout, s->root);
	printf(", \"uid\": %lu, \"state\": \"%s\"", (unsigned long)s->owner,
	       found_word(s->state));
	if (s->lease) {
		fputs(", \"policy\": ", stdout);
		policy_json(stdout, &s->lease->policy);
	}
	putchar('}');
}

static void write_json(const struct answer *a)
{
	const struct process_facts *f = &a->facts;

	printf("{\"kind\": \"process\", \"pid\": %lld", a->number);
	json_member(stdout, "command", f->command);
	json_member(stdout, "program", f->exe);
	json_member(stdout, "verdict", verdict_word(a->verdict));
	json_member(stdout, "shim", f->library);
	printf(", \"replaced\": %s", f->replaced ? "true" : "false");
	json_member(stdout, "door", a->verdict == VERDICT_PRIVATE ? a->door : NULL);
	write_json_session(a);
	status_json_reason(&a->reason);
	putchar('}');
}

enum verdict status_process(const struct options *options, long long number)
{
	static struct answer a;
	struct fit fit;

	memset(&a, 0, sizeof a);
	a.number = number;
	process_look(process_of(number), &a.facts);
	judge(&a, options);
	if (options->json) {
		write_json(&a);
	} else {
		fit_begin(&fit);
		write_text(fit.out, &a);
		fit_end(&fit);
	}
	return a.verdict;
}
