/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * privtmp audit: runs a command, sees how it uses directories that all users share, and
 * says what is wrong with it. Its files stay where they were.
 */
#include "audit/filter.h"
#include "audit/judge.h"
#include "audit/report.h"
#include "audit/sites.h"
#include "audit/trace_file.h"
#include "core/report.h"
#include "interpreter.h"
#include "launch.h"
#include "reach.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	const char *others = getenv("LD_PRELOAD"), *library = l->shim.path;
	char *value;

	if (l->shim.both[0])
		library = l->shim.both;
	if (asprintf(&value, "%s%s%s", library, others && *others ? ":" : "",
		     others ? others : "") < 0)
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

static struct timespec nanoseconds(int64_t n)
{
	return (struct timespec){ n / 1000000000, n % 1000000000 };
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
			.start = nanoseconds(image->start),
			.end = nanoseconds(image->end),
			.status = -1,
		};
	}
}

/* What TRACE says, judged. */
static bool make_report(const struct trace_file *trace, struct report *report)
{
	static struct history history;
	struct verdicts verdicts = { .history = &history, .report = report };

	if (!history_read(&history, trace) || !judge(&verdicts))
		return false;
	judge_leftovers(&verdicts);
	judge_unseen(&verdicts);
	name_processes(report, &history);
	report->calls = trace_header_of(trace)->calls;
	report->not_counted = trace_header_of(trace)->not_counted;
	return !verdicts.failed;
}

/* The program "where", beside the helper of sessions. */
static void name_sites(struct report *report, const char *helper)
{
	char path[PATH_MAX];
	const char *slash = strrchr(helper, '/');

	snprintf(path, sizeof path, "%.*s/where", slash ? (int)(slash - helper) : 0,
		 helper);
	sites_name(report, path);
}

/* Writes REPORT where the options say. */
static bool write_report(const struct options *options, const struct report *report_)
{
	FILE *out = stdout;
	bool written;

	if (options->output) {
		out = fopen(options->output, "we");
		if (!out) {
			report(options->output, "cannot be written", errno, NULL);
			return false;
		}
	}
	report_write(report_, options->format, out);
	written = fflush(out) == 0 && !ferror(out);
	if (out != stdout)
		written &= fclose(out) == 0;
	if (!written)
		report(options->output ? options->output : "standard output",
		       "cannot be written", errno, NULL);
	return written;
}

/* After the command: says what was seen. Returns the exit status. */
static int conclude(const struct launch *l, const struct trace_file *trace,
		    struct report *out, int status)
{
	const struct options *options = l->options;
	enum severity least;

	clock_gettime(CLOCK_REALTIME, &out->end);
	if (!make_report(trace, out)) {
		report("audit", "the report cannot be made", ENOMEM, NULL);
		return STATUS_PRIVTMP;
	}
	name_sites(out, l->shim.helper);
	if (options->suppress && !filter_suppress(out, options->suppress))
		return STATUS_PRIVTMP;
	if (options->baseline && !filter_baseline(out, options->baseline))
		return STATUS_PRIVTMP;
	if (!write_report(options, out))
		return STATUS_PRIVTMP;
	if (options->fail_on && filter_severity(options->fail_on, &least) &&
	    filter_fails(out, least))
		return STATUS_FINDINGS;
	return status;
}

/* Runs the command without a session, and looks on. */
static int observe(struct launch *l, const struct trace_file *trace)
{
	if (!set_environment(l, trace)) {
		report("audit", "the environment cannot be set", ENOMEM, NULL);
		return STATUS_PRIVTMP;
	}
	if (watch_begin(&l->watch) < 0) {
		report("audit", "signals cannot be watched", errno, NULL);
		return STATUS_PRIVTMP;
	}
	l->unprotected = true; /* and meant to be */
	return launch_command(l);
}

int tool_audit(const struct options *options, int argc, char **argv)
{
	static struct launch launch;
	static struct report seen;
	struct trace_file trace;
	const char *watched[POLICY_GUARDS + 1] = { NULL }, *obstacle, *remedy;
	int status, ret;

	launch.options = options;
	launch.watch.started = -1;
	if (argc < 1) {
		report("audit", "no command given", 0, "see privtmp audit --help");
		return STATUS_PRIVTMP;
	}
	launch.argv = interpreter_argv(argv);
	if (!launch.argv) {
		report(argv[0], "cannot be run", ENOMEM, NULL);
		return STATUS_PRIVTMP;
	}
	status = launch_prepare(&launch);
	if (status)
		return status;
	if ((obstacle = shim_obstacle(&launch.shim, &launch.program, &remedy))) {
		report(launch.program.path, obstacle, 0, "it cannot be audited");
		return STATUS_PRIVTMP;
	}
	if (shim_for_audit(&launch.shim) < 0)
		return STATUS_PRIVTMP;
	if (launch.settings.guard)
		split_list(strdup(launch.settings.guard), watched, POLICY_GUARDS + 1);
	ret = trace_make(&trace, NULL, watched);
	if (ret < 0) {
		report("audit", "there is no place for a trace", -ret,
		       "make room in /dev/shm or /var/tmp");
		return STATUS_PRIVTMP;
	}
	seen.command_line = join(argv);
	clock_gettime(CLOCK_REALTIME, &seen.start);
	status = observe(&launch, &trace);
	status = conclude(&launch, &trace, &seen, status);
	trace_remove(&trace);
	return status;
}
