/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A report as SARIF 2.1.0. GitHub's reader wants a relative URI and a region for each
 * result, security-severity and tags of rules, and knows a result again by
 * primaryLocationLineHash; GitLab's refuses a report of which half the results have no
 * location. So what has no source gets the program's path and line 1.
 */
#include "member.h"
#include "parts.h"
#include "report.h"
#include "show.h"
#include "uri.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What GitHub takes of one run. */
enum { MOST_RESULTS = 25000 };

static const char *level_of(enum severity severity)
{
	static const char *const levels[] = {
		[SEVERITY_NOTE] = "note",
		[SEVERITY_LOW] = "note",
		[SEVERITY_MEDIUM] = "warning",
		[SEVERITY_HIGH] = "error",
	};

	return levels[severity];
}

/* GitHub's bands: over 9 critical, from 7 high, from 4 medium, below low. */
static const char *score_of(enum severity severity)
{
	static const char *const scores[] = {
		[SEVERITY_NOTE] = "1.0",
		[SEVERITY_LOW] = "3.0",
		[SEVERITY_MEDIUM] = "5.5",
		[SEVERITY_HIGH] = "7.8",
	};

	return scores[severity];
}

/*
 * An object with TEXT as its member "text", as a message of SARIF: brackets would make
 * links in it, and braces places for arguments.
 */
static void member_message(struct members *m, const char *name, const char *text)
{
	struct members of = member_object(m, name);
	char *shown = NULL;
	size_t size;
	FILE *out = open_memstream(&shown, &size);

	for (; out && *text; text++)
		if (strchr("[]\\", *text))
			fprintf(out, "\\%c", *text);
		else if (strchr("{}", *text))
			fprintf(out, "%c%c", *text, *text);
		else
			putc(*text, out);
	if (out && fclose(out) == 0)
		member_text(&of, "text", shown);
	members_end(&of);
	free(shown);
}

/* A string made of parts; nothing where there is no memory. */
static void member_joined(struct members *m, const char *name, const char *const *parts,
			  size_t n)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	for (size_t i = 0; i < n; i++)
		fputs(parts[i], out);
	if (fclose(out) == 0)
		member_text(m, name, text);
	free(text);
}

/* -- Rules --------------------------------------------------------------------------- */

/* "InsecureNameApi". */
static void write_rule_name(struct members *m, const struct rule *rule)
{
	char name[64];
	size_t to = 0;
	bool first = true;

	for (const char *at = rule->name; *at && to + 1 < sizeof name; at++) {
		if (*at != '-')
			name[to++] = (char)(first ? toupper((unsigned char)*at) : *at);
		first = *at == '-';
	}
	name[to] = '\0';
	member_text(m, "name", name);
}

/* Tags as GitHub knows them: external/cwe/cwe-377. */
static void write_tags(struct members *m, const struct rule *rule)
{
	static const char *const kinds[] = { "cwe", "cert" };
	const char *const lists[] = { rule->cwe, rule->cert };
	size_t len;

	member_name(m, "tags");
	fputs("[\"security\", \"temporary-files\"", m->out);
	for (size_t i = 0; i < 2; i++)
		for (const char *w = lists[i]; (w = next_word(w, &len)); w += len) {
			fprintf(m->out, ", \"external/%s/", kinds[i]);
			for (size_t c = 0; c < len; c++)
				putc(tolower((unsigned char)w[c]), m->out);
			putc('"', m->out);
		}
	putc(']', m->out);
}

static void write_help(struct members *m, enum rule_id id)
{
	const struct rule *rule = &rules[id];
	char *attack = attack_of(&(struct finding){ .rule = id });
	const char *const text[] = { rule->help, "\n\nInstead: ", rule->instead,
				     "\n\nAn attack:\n", attack ? attack : "" };
	const char *const markdown[] = {
		rule->help,	      "\n\n**Instead:** ",
		rule->instead,	      "\n\n**An attack:**\n\n```\n",
		attack ? attack : "", "\n```\n"
	};
	struct members help = member_object(m, "help");

	member_joined(&help, "text", text, sizeof text / sizeof *text);
	member_joined(&help, "markdown", markdown, sizeof markdown / sizeof *markdown);
	members_end(&help);
	free(attack);
}

static void write_rule(enum rule_id id, FILE *out)
{
	const struct rule *rule = &rules[id];
	struct members m = members_begin(out), of;

	member_text(&m, "id", rule->name);
	write_rule_name(&m, rule);
	member_message(&m, "shortDescription", rule->title);
	member_message(&m, "fullDescription", rule->help);
	write_help(&m, id);
	of = member_object(&m, "defaultConfiguration");
	member_text(&of, "level", level_of(rule->severity));
	members_end(&of);
	of = member_object(&m, "properties");
	member_text(&of, "precision", "very-high");
	member_text(&of, "security-severity", score_of(rule->severity));
	write_tags(&of, rule);
	members_end(&of);
	members_end(&m);
}

static void write_driver(struct members *run)
{
	struct members tool = member_object(run, "tool");
	struct members driver = member_object(&tool, "driver");

	member_text(&driver, "name", "privtmp");
	member_text(&driver, "version", VERSION);
	member_text(&driver, "semanticVersion", VERSION);
	member_name(&driver, "rules");
	putc('[', run->out);
	for (int i = 0; i < RULES; i++) {
		fputs(i ? ",\n" : "\n", run->out);
		write_rule((enum rule_id)i, run->out);
	}
	putc(']', run->out);
	members_end(&driver);
	members_end(&tool);
}

/* -- Locations ----------------------------------------------------------------------- */

/* The file that a finding is shown in, and its line; a program has none. */
static const char *file_of(const struct call_site *site, const char *otherwise,
			   unsigned *line)
{
	*line = 1;
	if (site->script) {
		if (site->script_line)
			*line = site->script_line;
		return site->script;
	}
	if (site->file) {
		if (site->line)
			*line = site->line;
		return site->file;
	}
	return site->module ? site->module : otherwise ? otherwise : "unknown";
}

static void write_address(struct members *physical, const struct call_site *site)
{
	struct members address;

	if (!site->module)
		return;
	address = member_object(physical, "address");
	member_number(&address, "relativeAddress", site->offset);
	member_text(&address, "kind", "instruction");
	member_text(&address, "fullyQualifiedName", site->module);
	members_end(&address);
}

static void write_logical(struct members *location, const struct call_site *site)
{
	const char *const name[] = { site->module ? site->module : "", "!",
				     site->function ? site->function : "" };
	struct members logical;

	if (!site->function)
		return;
	member_name(location, "logicalLocations");
	putc('[', location->out);
	logical = members_begin(location->out);
	member_text(&logical, "name", site->function);
	member_joined(&logical, "fullyQualifiedName", name + (site->module ? 0 : 2),
		      site->module ? 3 : 1);
	member_text(&logical, "kind", "function");
	members_end(&logical);
	putc(']', location->out);
}

/* MESSAGE may be NULL. */
static void write_location(FILE *out, const struct call_site *site, const char *otherwise,
			   const char *message)
{
	struct members m = members_begin(out), physical, of;
	unsigned line;
	const char *file = file_of(site, otherwise, &line);

	physical = member_object(&m, "physicalLocation");
	of = member_object(&physical, "artifactLocation");
	member_name(&of, "uri");
	uri_put_relative(out, file);
	members_end(&of);
	of = member_object(&physical, "region");
	member_number(&of, "startLine", line);
	members_end(&of);
	write_address(&physical, site);
	members_end(&physical);
	write_logical(&m, site);
	if (message)
		member_message(&m, "message", message);
	members_end(&m);
}

/* From the look at the name to its use. */
static void write_flow(struct members *result, const struct finding *f)
{
	FILE *out = result->out;

	if (!f->first_call)
		return;
	member_name(result, "codeFlows");
	fputs("[{\"threadFlows\": [{\"locations\": [{\"location\": ", out);
	write_location(out, &f->first_site, f->program, f->first_call);
	fputs("}, {\"location\": ", out);
	write_location(out, &f->site, f->program, f->call);
	fputs("}]}]}]", out);
}

/* -- Results ------------------------------------------------------------------------- */

static void write_message(struct members *result, const struct finding *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return;
	show_as(out, f->message ? f->message : rules[f->rule].title, SHOW_UTF8);
	if (f->path) {
		fputs(" Path: ", out);
		show_as(out, f->path, SHOW_UTF8);
	}
	if (f->call) {
		fputs(f->path ? "; call: " : " Call: ", out);
		show_as(out, f->call, SHOW_UTF8);
		if (f->args)
			putc('(', out);
		show_as(out, f->args ? f->args : "", SHOW_UTF8 | SHOW_QUOTED);
		if (f->args)
			putc(')', out);
	}
	if (f->detail) {
		fputs(". ", out);
		show_as(out, f->detail, SHOW_UTF8);
	}
	fprintf(out, ". Instead: %s", rules[f->rule].instead);
	if (fclose(out) == 0)
		member_message(result, "message", text);
	free(text);
}

static void write_fingerprints(struct members *result, const struct finding *f)
{
	char fingerprint[17], line_hash[24];
	struct members of;

	finding_fingerprint(f, fingerprint);
	snprintf(line_hash, sizeof line_hash, "%s:1", fingerprint);
	of = member_object(result, "partialFingerprints");
	member_text(&of, "primaryLocationLineHash", line_hash);
	member_text(&of, "privtmp/v1", fingerprint);
	members_end(&of);
}

static void write_properties(struct members *result, const struct finding *f)
{
	struct members of = member_object(result, "properties");

	member_text(&of, "severity", severity_word(f->severity));
	member_text(&of, "path", f->path);
	member_text(&of, "call", f->call);
	member_text(&of, "args", f->args);
	member_text(&of, "program", f->program);
	if (f->pid)
		member_number(&of, "pid", (unsigned long long)f->pid);
	member_time(&of, "time", f->time);
	if (f->size)
		member_number(&of, "size", f->size);
	member_text(&of, "buildId", f->site.build_id);
	member_text(&of, "proof", f->proof);
	members_end(&of);
}

/* COMPARED: a baseline was given, and then each result says how it stands to that. */
static void write_result(const struct finding *f, bool compared, FILE *out)
{
	struct members m = members_begin(out);

	member_text(&m, "ruleId", rules[f->rule].name);
	member_number(&m, "ruleIndex", f->rule);
	member_text(&m, "level", level_of(f->severity));
	write_message(&m, f);
	member_name(&m, "locations");
	putc('[', out);
	write_location(out, &f->site, f->program, NULL);
	putc(']', out);
	write_flow(&m, f);
	write_fingerprints(&m, f);
	if (f->count)
		member_number(&m, "occurrenceCount", f->count);
	if (compared)
		member_text(&m, "baselineState", f->baseline ? "unchanged" : "new");
	if (f->suppressed) {
		member_name(&m, "suppressions");
		fputs("[{\"kind\": \"external\"}]", out);
	}
	write_properties(&m, f);
	members_end(&m);
}

static void write_results(struct members *run, const struct report *report)
{
	const struct finding **order = findings_in_order(report);
	struct severity_counts counts;

	count_findings(report, &counts);
	member_name(run, "results");
	putc('[', run->out);
	for (size_t i = 0; order && i < report->n_findings && i < MOST_RESULTS; i++) {
		fputs(i ? ",\n" : "\n", run->out);
		write_result(order[i], counts.baseline > 0, run->out);
	}
	putc(']', run->out);
	free(order);
}

/* -- The run ------------------------------------------------------------------------- */

static void write_notice(struct members *invocation, const struct report *report)
{
	char text[128];

	if (!report->not_counted && report->n_findings <= MOST_RESULTS)
		return;
	snprintf(text, sizeof text,
		 "%llu calls were not counted, and %zu findings are left out.",
		 report->not_counted,
		 report->n_findings > MOST_RESULTS ? report->n_findings - MOST_RESULTS :
						     (size_t)0);
	member_name(invocation, "toolExecutionNotifications");
	fputs("[{\"level\": \"warning\", \"message\": {\"text\": \"", invocation->out);
	fprintf(invocation->out, "%s\"}}]", text);
}

static void write_invocation(struct members *run, const struct report *report)
{
	struct members m;

	member_name(run, "invocations");
	putc('[', run->out);
	m = members_begin(run->out);
	member_bool(&m, "executionSuccessful", true);
	member_text(&m, "commandLine", report->command_line);
	member_time(&m, "startTimeUtc", report->start);
	member_time(&m, "endTimeUtc", report->end);
	write_notice(&m, report);
	members_end(&m);
	putc(']', run->out);
}

void report_sarif(const struct report *report, FILE *out)
{
	struct members m = members_begin(out), run;

	member_text(&m, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	member_text(&m, "version", "2.1.0");
	member_name(&m, "runs");
	putc('[', out);
	run = members_begin(out);
	write_driver(&run);
	write_invocation(&run, report);
	member_text(&run, "columnKind", "utf16CodeUnits");
	write_results(&run, report);
	members_end(&run);
	putc(']', out);
	members_end(&m);
	putc('\n', out);
}
