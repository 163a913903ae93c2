/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * report WHICH FORMAT [COLUMNS|-] [--suppress FILE] [--baseline FILE] [--fail-on SEVERITY]:
 * writes one of the reports below by the tools' own writers, without a program to audit.
 * WHICH is "plain", "hostile" (each text in it is an enemy's), "empty", "many N" as
 * "many:N", "rules" (a finding of each), or "bare" (of each as little is known as can be).
 * COLUMNS asks for text that wide, with colours.
 *
 * With --no-memory instead, memory is lacking once, at each place in turn: prints how often,
 * and how often the writer died of it.
 */
#include "audit/filter.h"
#include "audit/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What may come in a name: ends of lines, of strings, of elements; controls; no UTF-8. */
#define EVIL \
	"/tmp/a\n\033[2J\"]}'><script>alert(1)</script><!--&amp;\\\xff\xc3\x28\xe2\x80" \
	"\xae\x7f\xc2\x9b"

static struct timespec after(double seconds)
{
	return (struct timespec){ 1790000000 + (time_t)seconds,
				  (long)((seconds - (double)(time_t)seconds) * 1e9) };
}

static struct finding plain_findings[] = {
	{ .rule = RULE_MISSING_EXCLUSIVE,
	  .severity = SEVERITY_HIGH,
	  .call = "open",
	  .args = "\"/tmp/legacy.log\", O_WRONLY|O_CREAT|O_TRUNC, 0644",
	  .path = "/tmp/legacy.log",
	  .message = "It opened what was there, and would have followed a link.",
	  .site = { .module = "/usr/bin/legacy",
		    .build_id = "d3b07384d113edec49eaa6238ad5ff00",
		    .function = "open_log",
		    .offset = 0x1234,
		    .file = "src/log.c",
		    .line = 17 },
	  .pid = 4711,
	  .program = "legacy",
	  .count = 3 },
	{ .rule = RULE_MISSING_EXCLUSIVE,
	  .severity = SEVERITY_MEDIUM,
	  .call = "mkdir",
	  .args = "\"/tmp/legacy.d\", 0700",
	  .path = "/tmp/legacy.d",
	  .message = "It went on after EEXIST without a look at the owner.",
	  .site = { .module = "/usr/bin/legacy", .offset = 0x2000 },
	  .pid = 4712,
	  .program = "legacy",
	  .count = 1 },
	{ .rule = RULE_CHECK_THEN_USE,
	  .severity = SEVERITY_MEDIUM,
	  .call = "open",
	  .args = "\"/tmp/legacy.pid\", O_RDONLY",
	  .path = "/tmp/legacy.pid",
	  .message = "The name was looked at, and then used.",
	  .first_call = "access",
	  .first_site = { .module = "/usr/bin/legacy",
			  .function = "check_pid",
			  .offset = 0x1400,
			  .file = "src/pid.c",
			  .line = 40 },
	  .site = { .module = "/usr/bin/legacy",
		    .function = "read_pid",
		    .offset = 0x1500,
		    .file = "src/pid.c",
		    .line = 44 },
	  .pid = 4711,
	  .program = "legacy",
	  .count = 1 },
	{ .rule = RULE_LEFTOVER,
	  .severity = SEVERITY_LOW,
	  .path = "/tmp/legacy-4711.xK3dQ9",
	  .message = "It is still there.",
	  .size = 4096,
	  .pid = 4711,
	  .program = "legacy",
	  .count = 1 },
	{ .rule = RULE_FOREIGN_OBJECT,
	  .severity = SEVERITY_HIGH,
	  .call = "open",
	  .args = "\"/tmp/hook.sh\", O_RDONLY",
	  .path = "/tmp/hook.sh",
	  .message = "Whoever makes it first decides what is run.",
	  .site = { .script = "/usr/lib/legacy/start.sh", .script_line = 9 },
	  .pid = 4690,
	  .program = "sh",
	  .count = 1,
	  .proof = "privtmp audit --attack -- legacy --daemon" },
};

static struct audit_process plain_processes[] = {
	{ .pid = 4690, .parent = 1, .program = "sh", .command_line = "sh start.sh" },
	{ .pid = 4711,
	  .parent = 4690,
	  .program = "legacy",
	  .command_line = "legacy --daemon" },
	{ .pid = 4712,
	  .parent = 4711,
	  .program = "legacy",
	  .command_line = "legacy --worker",
	  .status = 11 },
};

static struct file_event plain_events[] = {
	{ "/tmp/legacy.log", "opened", 4711, { 0, 0 } },
	{ "/tmp/legacy.log", "opened", 4712, { 0, 0 } },
	{ "/tmp/legacy.d", "made", 4711, { 0, 0 } },
	{ "/tmp/legacy.d/job.tmp", "made", 4712, { 0, 0 } },
	{ "/tmp/legacy.d/job.tmp", "renamed", 4712, { 0, 0 } },
	{ "/tmp/legacy.d/job", "opened", 4711, { 0, 0 } },
	{ "/tmp/legacy.d/job", "removed", 4711, { 0, 0 } },
	{ "/tmp/legacy-4711.xK3dQ9", "made", 4711, { 0, 0 } },
	{ "/tmp/legacy.d", "removed", 4711, { 0, 0 } },
	{ "/tmp/legacy-4711.xK3dQ9", "left", 4711, { 0, 0 } },
};

static struct call_site evil_site = { EVIL, EVIL, EVIL, 1, EVIL, 2, EVIL, 3 };

/* N findings, each with all texts EVIL, and all else to match. */
static void make_hostile(struct report *report)
{
	static struct finding findings[RULES];
	static struct audit_process process = { 1, 1, EVIL, EVIL, { 0, 0 }, { 0, 0 }, -1 };
	static struct file_event events[] = {
		{ EVIL, "made", 1, { 0, 0 } },
		{ EVIL, "opened", 1, { 0, 0 } },
	};

	for (size_t i = 0; i < RULES; i++)
		findings[i] = (struct finding){
			.rule = (enum rule_id)i,
			.severity = (enum severity)(i % 4),
			.call = EVIL,
			.args = EVIL,
			.path = EVIL,
			.message = EVIL,
			.detail = EVIL,
			.site = evil_site,
			.first_call = EVIL,
			.first_site = evil_site,
			.pid = 1,
			.program = EVIL,
			.count = 2,
			.size = 1,
			.proof = EVIL,
		};
	*report = (struct report){
		.command_line = EVIL,
		.findings = findings,
		.n_findings = RULES,
		.processes = &process,
		.n_processes = 1,
		.events = events,
		.n_events = 2,
		.not_counted = 5,
	};
}

static void make_plain(struct report *report)
{
	for (size_t i = 0; i < sizeof plain_findings / sizeof *plain_findings; i++)
		plain_findings[i].time = after(0.1 + 0.2 * (double)i);
	for (size_t i = 0; i < 3; i++) {
		plain_processes[i].start = after(0.01 + 0.05 * (double)i);
		plain_processes[i].end = after(2.0 - 0.05 * (double)i);
	}
	for (size_t i = 0; i < sizeof plain_events / sizeof *plain_events; i++)
		plain_events[i].time = after(0.1 + 0.19 * (double)i);
	*report = (struct report){
		.command_line = "sh start.sh",
		.findings = plain_findings,
		.n_findings = sizeof plain_findings / sizeof *plain_findings,
		.processes = plain_processes,
		.n_processes = 3,
		.events = plain_events,
		.n_events = sizeof plain_events / sizeof *plain_events,
		.calls = 1234,
		.start = after(0),
		.end = after(2.1),
	};
}

/* N findings that differ; one of each rule, as far as N goes. */
static void make_many(struct report *report, size_t n)
{
	struct finding *findings = calloc(n + 1, sizeof *findings);
	char name[32];

	if (!findings)
		exit(3);
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof name, "/tmp/name-%c%c%c%c", 'a' + (int)(i % 26),
			 'a' + (int)(i / 26 % 26), 'a' + (int)(i / 676 % 26),
			 'a' + (int)(i / 17576 % 26));
		findings[i] = (struct finding){
			.rule = (enum rule_id)(i % RULES),
			.severity = rules[i % RULES].severity,
			.path = strdup(name),
			.program = "/usr/bin/many",
			.count = 1,
		};
	}
	*report = (struct report){ .findings = findings, .n_findings = n };
}

/* Of each kind of finding, process and event as little as there can be, and much of some. */
static void make_bare(struct report *report)
{
	static struct finding findings[] = {
		{ .rule = RULE_LEFTOVER, .count = 1 },
		{ .rule = RULE_LEFTOVER, .message = "It is left.", .count = 1 },
		{ .rule = RULE_LEFTOVER,
		  .message = "It is left.",
		  .path = "",
		  .count = 1 },
		{ .rule = RULE_LEFTOVER, .path = "/tmp/a", .count = 1, .pid = 7 },
		{ .rule = RULE_LEFTOVER,
		  .path = "/tmp/a",
		  .count = 1,
		  .pid = 9,
		  .program = "x" },
		{ .rule = RULE_CHECK_THEN_USE,
		  .call = "open",
		  .first_call = "stat",
		  .path = "/tmp/b",
		  .detail = "",
		  .count = 1,
		  .pid = 8 },
		{ .rule = RULE_CHECK_THEN_USE,
		  .call = "open",
		  .path = "/tmp/b",
		  .count = 2,
		  .site = { .script = "run" } },
		{ .rule = RULE_CHECK_THEN_USE,
		  .path = "/tmp/b",
		  .count = 0,
		  .site = { .file = "x.c", .script_line = 3 } },
		{ .rule = RULE_NOT_COVERED,
		  .count = 1,
		  .site = { .function = "f", .file = "x.c" },
		  .suppressed = true },
		{ .rule = RULE_NOT_COVERED,
		  .count = 1,
		  .path = "/tmp/c",
		  .baseline = true },
		{ .rule = RULE_NOT_COVERED, .count = 1, .path = "/tmp/c", .severity = 3 },
	};
	static struct audit_process processes[] = {
		{ .pid = 7, .parent = 9, .status = 3 << 8 },
		{ .pid = 8, .parent = 7, .program = "y", .status = -1 },
		/* A number that was used again, and a loop. */
		{ .pid = 7, .parent = 8, .program = "z", .status = 9 },
		{ .pid = 9, .parent = 7, .status = 0 },
	};
	static struct file_event events[32] = {
		{ "/tmp/a", "made", 7, { 5, 1 } },   { "/tmp/a", "made", 8, { 5, 0 } },
		{ "/tmp/b", "made", 99, { 5, 1 } },  { "/tmp/b", "eaten", 7, { 9, 0 } },
		{ NULL, "made", 7, { 5, 1 } },	     { "/tmp/c", NULL, 7, { 5, 1 } },
		{ "/tmp/a", "opened", 7, { 1, 0 } },
	};
	static const char *const what[] = { "opened", "changed", "renamed" };

	for (size_t i = 0; i < 3; i++)
		processes[i].start = (struct timespec){ 6 - (time_t)i, 7 };
	for (size_t i = 7; i < 32; i++)
		events[i] = (struct file_event){ "/tmp/a", what[i % 3], 7, { 9, 0 } };
	*report = (struct report){
		.findings = findings,
		.n_findings = sizeof findings / sizeof *findings,
		.processes = processes,
		.n_processes = 4,
		.events = events,
		.n_events = 32,
		.calls = 1,
		.start = { 4, 0 },
		.end = { 5, 0 },
	};
}

/* -- Memory that is lacking -- */

/* Which allocation fails; 0: none. */
static unsigned lacking, allocated;

static bool lacks(void)
{
	return lacking && ++allocated == lacking;
}

#define WRAPPED(type, name, parameters, arguments) \
	type __real_##name parameters; \
	type __wrap_##name parameters; \
	type __wrap_##name parameters \
	{ \
		return lacks() ? NULL : __real_##name arguments; \
	}
WRAPPED(void *, malloc, (size_t size), (size))
WRAPPED(void *, calloc, (size_t n, size_t size), (n, size))
WRAPPED(void *, realloc, (void *at, size_t size), (at, size))
WRAPPED(FILE *, open_memstream, (char **at, size_t *size), (at, size))

static int without_memory(const struct report *report, const char *format)
{
	unsigned deaths = 0, times = 0;
	int status = 1;

	for (lacking = 1; status; lacking++) {
		const pid_t pid = fork();

		if (pid == 0) {
			report_write(report, format, stdout);
			/* Was there one that failed? */
			_exit(allocated >= lacking);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid)
			return 2;
		deaths += WIFSIGNALED(status) != 0;
		times += status != 0;
	}
	lacking = 0;
	fprintf(stderr, "%u times, %u deaths\n", times, deaths);
	return 0;
}

static int filter(struct report *report, const char *option, const char *argument)
{
	enum severity least;

	if (!strcmp(option, "--suppress"))
		return filter_suppress(report, argument) ? 0 : 2;
	if (!strcmp(option, "--baseline"))
		return filter_baseline(report, argument) ? 0 : 2;
	if (!strcmp(option, "--fail-on") && filter_severity(argument, &least))
		return filter_fails(report, least) ? 1 : 0;
	return 2;
}

int main(int argc, char **argv)
{
	struct report report = { .command_line = NULL };
	struct report_look look = { .colour = true };
	int status = 0;

	if (argc < 4)
		return 2;
	if (!strcmp(argv[1], "plain"))
		make_plain(&report);
	else if (!strcmp(argv[1], "hostile"))
		make_hostile(&report);
	else if (!strncmp(argv[1], "many:", 5))
		make_many(&report, strtoul(argv[1] + 5, NULL, 10));
	else if (!strcmp(argv[1], "rules"))
		make_many(&report, RULES);
	else if (!strcmp(argv[1], "bare"))
		make_bare(&report);
	else if (strcmp(argv[1], "empty") != 0)
		return 2;
	if (argc == 5 && !strcmp(argv[4], "--no-memory"))
		return without_memory(&report, argv[2]);
	for (int i = 4; i + 1 < argc && status == 0; i += 2)
		status = filter(&report, argv[i], argv[i + 1]);
	if (status > 1)
		return status;
	look.columns = (unsigned)strtoul(argv[3], NULL, 10);
	if (look.columns)
		report_text(&report, &look, stdout);
	else if (!report_write(&report, argv[2], stdout))
		return 2;
	return fflush(stdout) ? 2 : status;
}
