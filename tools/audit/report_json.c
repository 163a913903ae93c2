/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A report as JSON lines: an object a line, whose "type" says what it is. The schema,
 * privtmp-report.schema.json, is what others rely on: members are added, none is changed.
 */
#include "json.h"
#include "member.h"
#include "parts.h"
#include "report.h"

#include <stdlib.h>

/* Of what the schema describes; another number for what old readers cannot read. */
enum { SCHEMA_VERSION = 1 };

static void write_head(const struct report *report, FILE *out)
{
	struct members m = members_begin(out);

	member_text(&m, "type", "report");
	member_number(&m, "version", SCHEMA_VERSION);
	member_text(&m, "tool", "privtmp");
	member_text(&m, "tool_version", VERSION);
	member_text(&m, "command_line", report->command_line);
	member_time(&m, "start", report->start);
	member_time(&m, "end", report->end);
	member_number(&m, "calls", report->calls);
	member_number(&m, "not_counted", report->not_counted);
	members_end(&m);
	putc('\n', out);
}

static void write_process(const struct audit_process *p, FILE *out)
{
	struct members m = members_begin(out);

	member_text(&m, "type", "process");
	member_number(&m, "pid", (unsigned long long)p->pid);
	member_number(&m, "parent", (unsigned long long)p->parent);
	member_text(&m, "program", p->program);
	member_text(&m, "command_line", p->command_line);
	member_time(&m, "start", p->start);
	member_time(&m, "end", p->end);
	if (p->status >= 0)
		member_number(&m, "status", (unsigned long long)p->status);
	members_end(&m);
	putc('\n', out);
}

static void write_event(const struct file_event *e, FILE *out)
{
	struct members m = members_begin(out);

	member_text(&m, "type", "event");
	member_text(&m, "path", e->path);
	member_text(&m, "what", e->what);
	member_number(&m, "pid", (unsigned long long)e->pid);
	member_time(&m, "time", e->time);
	members_end(&m);
	putc('\n', out);
}

static void write_site(struct members *m, const char *name, const struct call_site *site)
{
	struct members of;

	if (!site->module && !site->function && !site->file && !site->script)
		return;
	member_name(m, name);
	of = members_begin(m->out);
	member_text(&of, "module", site->module);
	member_text(&of, "build_id", site->build_id);
	member_text(&of, "function", site->function);
	if (site->module)
		member_number(&of, "offset", site->offset);
	member_text(&of, "file", site->file);
	if (site->line)
		member_number(&of, "line", site->line);
	member_text(&of, "script", site->script);
	if (site->script_line)
		member_number(&of, "script_line", site->script_line);
	members_end(&of);
}

static void write_rule(struct members *m, const struct rule *rule)
{
	member_text(m, "rule", rule->name);
	member_text(m, "title", rule->title);
	member_words(m, "cwe", rule->cwe);
	member_words(m, "cert", rule->cert);
	member_text(m, "instead", rule->instead);
}

static void write_finding(const struct finding *f, FILE *out)
{
	char fingerprint[17], *attack = attack_of(f);
	struct members m = members_begin(out);

	finding_fingerprint(f, fingerprint);
	member_text(&m, "type", "finding");
	write_rule(&m, &rules[f->rule]);
	member_text(&m, "severity", severity_word(f->severity));
	member_text(&m, "fingerprint", fingerprint);
	member_text(&m, "path", f->path);
	member_text(&m, "message", f->message ? f->message : rules[f->rule].title);
	member_text(&m, "detail", f->detail);
	member_text(&m, "call", f->call);
	member_text(&m, "args", f->args);
	write_site(&m, "site", &f->site);
	member_text(&m, "first_call", f->first_call);
	write_site(&m, "first_site", &f->first_site);
	if (f->pid)
		member_number(&m, "pid", (unsigned long long)f->pid);
	member_text(&m, "program", f->program);
	member_time(&m, "time", f->time);
	member_number(&m, "count", f->count);
	if (f->size)
		member_number(&m, "size", f->size);
	member_text(&m, "attack", attack);
	member_text(&m, "proof", f->proof);
	member_bool(&m, "suppressed", f->suppressed);
	member_bool(&m, "baseline", f->baseline);
	members_end(&m);
	putc('\n', out);
	free(attack);
}

static void write_summary(const struct report *report, FILE *out)
{
	struct members m = members_begin(out);
	struct severity_counts counts;

	count_findings(report, &counts);
	member_text(&m, "type", "summary");
	member_number(&m, "findings", counts.all);
	for (int s = SEVERITY_HIGH; s >= SEVERITY_NOTE; s--)
		member_number(&m, severity_word((enum severity)s), counts.of[s]);
	member_number(&m, "suppressed", counts.suppressed);
	member_number(&m, "baseline", counts.baseline);
	members_end(&m);
	putc('\n', out);
}

void report_json(const struct report *report, FILE *out)
{
	write_head(report, out);
	for (size_t i = 0; i < report->n_processes; i++)
		write_process(&report->processes[i], out);
	for (size_t i = 0; i < report->n_events; i++)
		write_event(&report->events[i], out);
	for (size_t i = 0; i < report->n_findings; i++)
		write_finding(&report->findings[i], out);
	write_summary(report, out);
}
