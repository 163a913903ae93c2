/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp audit: runs a command, sees how it uses directories that all users share, and
 * says what is wrong with it. Its files stay where they were.
 */
#include "audit/attack.h"
#include "audit/filter.h"
#include "audit/judge.h"
#include "audit/output.h"
#include "audit/place.h"
#include "audit/report.h"
#include "audit/sites.h"
#include "audit/trace_file.h"
#include "audit_unit.h"
#include "core/report.h"
#include "interpreter.h"
#include "launch.h"
#include "remedy.h"
#include "run.h"
#include "reach.h"
#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_FINDINGS = 1 };

/* The directories of a colon list, a NULL behind the last; the list is changed. */
static void split_list(char *list, const char **out, size_t room)
{
	size_t n = 0;

	for (char *at = strtok(list, ":"); at && n + 1 < room; at = strtok(NULL, ":"))
		out[n++] = at;
	out[n] = NULL;
}

/* The environment by which a command and its children are audited. */
static bool set_environment(const struct launch *l, const struct trace_file *trace)
{
	const char *others = getenv("LD_PRELOAD");
	char *value;

	if (asprintf(&value, "%s%s%s", shim_name(&l->shim, NULL),
		     others && *others ? ":" : "", others ? others : "") < 0)
		return false;
	return setenv("LD_PRELOAD", value, 1) == 0 &&
	       setenv(TRACE_VARIABLE, trace->path, 1) == 0 &&
	       setenv("PRIVTMP_MODE", "audit", 1) == 0;
}

static char *join(char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; out && argv[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", argv[i]);
	if (out)
		fclose(out);
	return text;
}

enum { PROCESSES = 2000 /* that a report names */ };

/* The processes, each as what it was last. */
static void name_processes(struct report *report, const struct history *h)
{
	report->processes = calloc(h->n_actors + 1, sizeof *report->processes);
	if (!report->processes)
		return;
	for (size_t i = 0; i < h->n_actors && report->n_processes < PROCESSES; i++) {
		const struct actor *actor = &h->actors[i];
		const struct trace_image *image = actor->image;
		struct audit_process *last =
			report->n_processes ?
				&report->processes[report->n_processes - 1] :
				NULL;

		if (!image)
			continue;
		if (!last || last->pid != image->pid)
			last = &report->processes[report->n_processes++];
		*last = (struct audit_process){
			.pid = image->pid,
			.parent = image->parent,
			.program = actor->program,
			.command_line = actor->command_line,
			.start = trace_time(image->start),
			.end = trace_time(image->end),
			.status = -1,
		};
	}
}

/* What TRACE says, judged. */
static bool make_report(struct verdicts *v, const struct trace_file *trace)
{
	struct report *report = v->report;

	if (!history_read(v->history, trace) || !judge(v))
		return false;
	judge_leftovers(v);
	judge_unseen(v);
	name_processes(report, v->history);
	report->calls = trace_header_of(trace)->calls;
	report->not_counted = trace_header_of(trace)->not_counted;
	return !v->failed;
}

/* Whether the report can probably be written to PATH: told before a long run, not after it. */
static bool output_is_right(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct stat st;
	char *dir;
	int error = 0;

	if (stat(path, &st) == 0) {
		error = S_ISDIR(st.st_mode) ? EISDIR : access(path, W_OK) ? errno : 0;
	} else {
		dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
		error = dir && access(dir, W_OK) ? errno : 0;
		free(dir);
	}
	if (error)
		report(path, "cannot be written", error, remedy_of(error));
	return !error;
}

/* Writes REPORT where the options say. Returns the exit status. */
static int write_report(const struct options *options, const struct report *report_)
{
	FILE *out = stdout;
	bool written;

	if (options->output) {
		out = output_open(options->output);
		if (!out) {
			report(options->output, "cannot be written", errno,
			       remedy_of(errno));
			return STATUS_PRIVTMP;
		}
	}
	report_write(report_, options->format, out);
	written = fflush(out) == 0 && !ferror(out);
	if (out != stdout)
		written &= fclose(out) == 0;
	if (written)
		return 0;
	/* A reader that has seen enough: as if by the signal, which is blocked here. */
	if (!options->output && errno == EPIPE)
		return STATUS_SIGNAL + SIGPIPE;
	report(options->output ? options->output : "standard output", "cannot be written",
	       errno, remedy_of(errno));
	return STATUS_PRIVTMP;
}

/* An audit on its way. */
struct audit {
	struct options options;
	struct launch launch; /* to observe */
	struct shim shim;
	struct trace_file trace;
	struct history history;
	struct report report;
	struct verdicts verdicts;
	char **argv;
};

/*
 * Lets a signal end us again, with nothing left behind: a report can take long, and what it
 * reads and writes may be a FIFO. Those that came before were for the command.
 */
static void let_signals_end(const struct launch *l, struct trace_file *trace)
{
	static const int ends[] = { WATCH_ENDS };
	const struct timespec none = { 0, 0 };
	sigset_t set;

	trace_unlink(trace);
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (!sigismember(&l->watch.inherited.mask, ends[i]))
			sigaddset(&set, ends[i]);
	while (sigtimedwait(&set, NULL, &none) >= 0)
		;
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* When all is seen: says it. Returns the exit status. */
static int conclude(struct audit *a, int status)
{
	const struct options *options = &a->options;
	struct report *found = &a->report;
	enum severity least;
	char where[PATH_MAX];
	int written;

	let_signals_end(&a->launch, &a->trace);
	shim_program(&a->shim, "where", where);
	sites_name(found, where);
	if (options->suppress && !filter_suppress(found, options->suppress))
		return STATUS_PRIVTMP;
	if (options->baseline && !filter_baseline(found, options->baseline))
		return STATUS_PRIVTMP;
	written = write_report(options, found);
	if (written)
		return written;
	if (options->fail_on && filter_severity(options->fail_on, &least) &&
	    filter_fails(found, least))
		return STATUS_FINDINGS;
	return status;
}

/* Whether a process that was seen is there still. */
static bool others_go_on(const struct trace_file *trace)
{
	for (unsigned i = 1; i < trace_images(trace); i++) {
		const struct trace_image *image = trace_image_at(trace, i);

		if (image && !image->end && image->pid > 1 && kill(image->pid, 0) == 0)
			return true;
	}
	return false;
}

/* Whom the command has told to end, a daemon of its own, has a moment to clean up. */
static void await_others(const struct trace_file *trace)
{
	const struct timespec step = { 0, 20000000 };

	for (int i = 0; i < 50 && others_go_on(trace); i++)
		nanosleep(&step, NULL);
}

/* What was seen of the command, judged. */
static bool judge_command(struct audit *a)
{
	await_others(&a->trace);
	clock_gettime(CLOCK_REALTIME, &a->report.end);
	if (trace_settle(&a->trace) && make_report(&a->verdicts, &a->trace))
		return true;
	report("audit", "the report cannot be made", ENOMEM, remedy_of(ENOMEM));
	return false;
}

static bool make_trace(struct audit *a, const struct settings *settings)
{
	const char *watched[POLICY_GUARDS + 1] = { NULL };
	int ret;

	/* What an audit that was killed has left takes room in memory. */
	place_sweep(false, NULL, NULL);
	if (settings->guard)
		split_list(strdup(settings->guard), watched, POLICY_GUARDS + 1);
	ret = trace_make(&a->trace, a->options.trace, watched);
	if (ret < 0) {
		if (a->options.trace)
			report(a->options.trace, "cannot be made", -ret, remedy_of(-ret));
		else
			report("audit", "there is no place for a trace", -ret,
			       ret == -EFBIG ?
				       "raise the limit of files' sizes (ulimit -f)" :
				       "make room in /dev/shm or /var/tmp");
		return false;
	}
	a->report.command_line = join(a->argv);
	clock_gettime(CLOCK_REALTIME, &a->report.start);
	return true;
}

/* Whether the library can get into the command at all. */
static bool can_be_seen(const struct launch *l)
{
	const char *remedy, *obstacle = shim_obstacle(&l->shim, &l->program, &remedy);

	if (obstacle)
		report(l->program.path, obstacle, 0, "it cannot be audited");
	return !obstacle;
}

/* Runs the command without a session, and looks on. */
static int observe(struct audit *a)
{
	struct launch *l = &a->launch;
	int status;

	l->options = &a->options;
	l->observes = true;
	l->watch.started = -1;
	l->argv = interpreter_argv("audit", a->argv);
	if (!l->argv) {
		report(a->argv[0], "cannot be run", ENOMEM, remedy_of(ENOMEM));
		return STATUS_PRIVTMP;
	}
	status = launch_prepare(l);
	if (status)
		return status;
	if (!can_be_seen(l) || shim_for_audit(&l->shim) < 0 ||
	    !make_trace(a, &l->settings))
		return STATUS_PRIVTMP;
	a->shim = l->shim;
	if (!set_environment(l, &a->trace) || watch_begin(&l->watch) < 0) {
		report("audit", "the command cannot be started", errno, remedy_of(errno));
		trace_remove(&a->trace);
		return STATUS_PRIVTMP;
	}
	l->unprotected = true; /* and meant to be */
	status = launch_command(l);
	status = judge_command(a) ? conclude(a, status) : STATUS_PRIVTMP;
	trace_remove(&a->trace);
	return status;
}

/* -- In a session -- */

static int prepare(struct launch *l, void *data)
{
	struct audit *a = data;

	if (!can_be_seen(l) || shim_for_audit(&l->shim) < 0 ||
	    !make_trace(a, &l->settings))
		return -1;
	a->shim = l->shim;
	return setenv(TRACE_VARIABLE, a->trace.path, 1);
}

static int look_back(const struct launch *l, int status, void *data)
{
	struct audit *a = data;

	(void)l;
	status = judge_command(a) ? conclude(a, status) : STATUS_PRIVTMP;
	trace_remove(&a->trace);
	return status;
}

static int redirect(struct audit *a, int argc)
{
	const struct run_hooks hooks = { prepare, NULL, look_back, a };

	return run_hooked(&a->options, argc, a->argv, &hooks);
}

/* Runs the command once as it is, and then once for each attack. */
static int attack(struct audit *a)
{
	const struct settings none = { .guard = NULL };
	const char *word = a->options.attack;
	int status;

	attack_hold_signals();
	if (shim_find(&a->shim) < 0 || !make_trace(a, &none)) {
		attack_let_signals();
		return STATUS_PRIVTMP;
	}
	a->verdicts.over = true;
	status = attack_run(&a->options, a->argv, &a->trace, NULL, 0, false);
	/* Whoever has ended it wants no report. */
	if (attack_ended() || !judge_command(a)) {
		trace_remove(&a->trace);
		attack_let_signals();
		return STATUS_PRIVTMP;
	}
	if (*word)
		attack_one(&a->verdicts, &a->options, a->argv, word, status);
	else
		attack_all(&a->verdicts, &a->options, a->argv, status);
	trace_unlink(&a->trace);
	attack_let_signals();
	status = conclude(a, status);
	trace_remove(&a->trace);
	return status;
}

/* Says what a trace has that was made before. */
static int read_back(struct audit *a)
{
	int status;

	if (shim_find(&a->shim) < 0 || !trace_read(&a->trace, a->options.read))
		return STATUS_PRIVTMP;
	status = judge_command(a) ? 0 : STATUS_PRIVTMP;
	if (a->history.root) {
		a->report.command_line = a->history.root->command_line;
		a->report.start = trace_time(a->history.root->image->start);
	}
	status = status ? status : conclude(a, 0);
	trace_remove(&a->trace);
	return status;
}

/* Makes a trace for others to write to, where there is none yet. */
static int make_empty(struct audit *a)
{
	const struct settings none = { .guard = a->options.settings.guard };
	struct trace_file there;
	struct stat st;

	if (lstat(a->options.trace, &st) == 0) {
		if (st.st_uid == geteuid() && !(st.st_mode & 022))
			return trace_read(&there, a->options.trace) ? 0 : STATUS_PRIVTMP;
		report(a->options.trace, "others can write to it", 0,
		       "name one that is not there yet");
		return STATUS_PRIVTMP;
	}
	a->argv = &(char *){ NULL };
	return make_trace(a, &none) ? 0 : STATUS_PRIVTMP;
}

/* Whether it can be read more than once; a missing one, which is to be told, too. */
static bool is_plain(const char *file)
{
	struct stat st;

	return stat(file, &st) < 0 || S_ISREG(st.st_mode);
}

/* What is wrong with the options is told before the command runs. */
static bool options_right(const struct options *options)
{
	struct report none = { .n_findings = 0 };

	if (options->attack && *options->attack && !attack_is_word(options->attack))
		return false;
	if (options->output && !output_is_right(options->output))
		return false;
	if (options->suppress && is_plain(options->suppress) &&
	    !filter_suppress(&none, options->suppress))
		return false;
	return !options->baseline || !is_plain(options->baseline) ||
	       filter_baseline(&none, options->baseline);
}

/* Whether what is told beside --unit or --read can be done, too. */
static bool goes_together(const struct options *options, int argc, char **argv)
{
	const char *alone = options->unit ? "--unit" : "--read", *beside = NULL;
	char what[64];

	if (!options->unit && !options->read)
		return true;
	if (argc > 0) {
		snprintf(what, sizeof what, "%s runs no command", alone);
		options_complain(options->command, argv[0], what);
		return false;
	}
	beside = options->unit && options->read ? "--read" :
		 options->attack		? "--attack" :
		 options->redirect		? "--redirect" :
		 options->trace			? "--trace" :
						  NULL;
	if (!beside)
		return true;
	snprintf(what, sizeof what, "not together with %s", alone);
	options_complain(options->command, beside, what);
	return false;
}

int tool_audit(const struct options *options, int argc, char **argv)
{
	static struct audit audit;

	audit.options = *options;
	audit.verdicts.history = &audit.history;
	audit.verdicts.report = &audit.report;
	if (!goes_together(options, argc, argv))
		return STATUS_PRIVTMP;
	if (options->unit)
		return audit_unit(options);
	if (options->read)
		return read_back(&audit);
	if (options->trace && argc < 1)
		return make_empty(&audit);
	if (argc < 1) {
		report("audit", "no command given", 0, "see privtmp audit --help");
		return STATUS_PRIVTMP;
	}
	if (!options_right(options))
		return STATUS_PRIVTMP;
	/* Another door has no library. */
	audit.options.backend = BACKEND_PRELOAD;
	/* Without a private /tmp there is nothing to hold to a size. */
	if (!options->redirect)
		audit.options.settings.size_limit = "0";
	audit.argv = argv;
	if (options->attack)
		return attack(&audit);
	return options->redirect ? redirect(&audit, argc) : observe(&audit);
}
