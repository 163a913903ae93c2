/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A report as one page that needs nothing else: no script, no resource from elsewhere. All
 * text in it is an enemy's: html_text escapes it, and the page forbids itself the rest.
 */
#include "html.h"
#include "parts.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

static void put_severity(FILE *out, enum severity severity)
{
	fprintf(out, "<span class=\"mark %s\">%s</span>", severity_word(severity),
		severity_word(severity));
}

static void put_counts(const struct report *report, FILE *out)
{
	struct severity_counts counts;

	count_findings(report, &counts);
	fprintf(out, "<p><strong>%zu finding%s</strong> ", counts.all,
		counts.all == 1 ? "" : "s");
	for (int s = SEVERITY_HIGH; s >= SEVERITY_NOTE; s--)
		if (counts.of[s])
			fprintf(out, " <span class=\"mark %s\">%zu %s</span>",
				severity_word((enum severity)s), counts.of[s],
				severity_word((enum severity)s));
	if (counts.suppressed)
		fprintf(out, " <span class=\"soft\">%zu suppressed</span>",
			counts.suppressed);
	if (counts.baseline)
		fprintf(out, " <span class=\"soft\">%zu known from the baseline</span>",
			counts.baseline);
	fputs("</p>\n", out);
}

static void put_head(const struct report *report, FILE *out)
{
	struct tm tm;
	char when[40];

	fputs("<h1>privtmp", out);
	if (report->command_line) {
		fputs(": ", out);
		html_element(out, "code", NULL, report->command_line);
	}
	fputs("</h1>\n", out);
	put_counts(report, out);
	fprintf(out, "<p class=\"soft\">%zu process%s, %llu path call%s",
		report->n_processes, report->n_processes == 1 ? "" : "es", report->calls,
		report->calls == 1 ? "" : "s");
	if (report->end.tv_sec)
		fprintf(out, ", %.2f s", seconds_since(report, report->end));
	if (report->start.tv_sec && gmtime_r(&report->start.tv_sec, &tm)) {
		strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S UTC", &tm);
		fprintf(out, ", %s", when);
	}
	fputs("</p>\n", out);
	if (report->not_counted)
		fprintf(out,
			"<p class=\"medium\">%llu calls are not counted: there was no "
			"room for them.</p>\n",
			report->not_counted);
}

/* -- Findings ------------------------------------------------------------------------ */

/* A row of a finding's list. Frees TEXT. */
static void put_fact(FILE *out, const char *label, char *text)
{
	if (text && *text) {
		fprintf(out, "<dt>%s</dt><dd>", label);
		html_element(out, "code", NULL, text);
		fputs("</dd>\n", out);
	}
	free(text);
}

static void put_call(FILE *out, const struct finding *f)
{
	if (!f->call)
		return;
	fputs("<pre>", out);
	html_text(out, f->call);
	if (f->args) {
		putc('(', out);
		html_quoted(out, f->args);
		putc(')', out);
	}
	fputs("</pre>\n", out);
}

static void put_first(FILE *out, const struct finding *f)
{
	char *site;

	if (!f->first_call)
		return;
	site = site_text(&f->first_site);
	fputs("<dt>after</dt><dd><code>", out);
	html_text(out, f->first_call);
	if (site && *site) {
		fputs(" at ", out);
		html_text(out, site);
	}
	fputs("</code></dd>\n", out);
	free(site);
}

static void put_finding(const struct report *report, const struct finding *f, FILE *out)
{
	fputs("<article class=\"finding\"><h3>", out);
	if (f->severity != worst_of(report, f->rule))
		put_severity(out, f->severity);
	html_element(out, "span", "path", f->path ? f->path : f->message);
	if (f->count > 1)
		fprintf(out, " <span class=\"soft\">%llu times</span>", f->count);
	if (f->size)
		fprintf(out, " <span class=\"soft\">%llu byte%s</span>", f->size,
			f->size == 1 ? "" : "s");
	fputs("</h3>\n", out);
	if (f->path)
		html_element(out, "p", NULL, f->message);
	html_element(out, "p", NULL, f->detail);
	put_call(out, f);
	fputs("<dl>", out);
	put_fact(out, "at", site_text(&f->site));
	put_first(out, f);
	put_fact(out, "by", process_text(report, f));
	if (f->proof) {
		fputs("<dt>repeat it</dt><dd><code>", out);
		html_quoted(out, f->proof);
		fputs("</code></dd>\n", out);
	}
	fputs("</dl></article>\n", out);
}

static void put_numbers(FILE *out, const struct rule *rule)
{
	const char *lists[] = { rule->cwe, rule->cert };
	const char *before = "";
	size_t len;

	fputs("<span class=\"soft\">", out);
	for (size_t i = 0; i < 2; i++)
		for (const char *w = lists[i]; (w = next_word(w, &len)); w += len) {
			fprintf(out, "%s%.*s", before, (int)len, w);
			before = ", ";
		}
	fputs("</span>", out);
}

static void put_rule(const struct report *report, enum rule_id id, FILE *out)
{
	const struct rule *rule = &rules[id];

	fputs("<section class=\"rule\"><h2>", out);
	put_severity(out, worst_of(report, id));
	html_text(out, rule->title);
	fprintf(out, "</h2><p><code>%s</code> ", rule->name);
	put_numbers(out, rule);
	fputs("</p>\n", out);
	html_element(out, "p", NULL, rule->help);
	fputs("<p><strong>Instead:</strong> ", out);
	html_text(out, rule->instead);
	fputs("</p>\n", out);
}

/* Ends the section of F's rule. */
static void put_attack(FILE *out, const struct finding *f)
{
	char *attack = attack_of(f), *rest = attack;
	bool first = true;

	fputs("<details open><summary>An attack</summary><pre>", out);
	for (char *line; (line = strsep(&rest, "\n")); first = false) {
		if (!first)
			putc('\n', out);
		html_quoted(out, line);
	}
	fputs("</pre></details></section>\n", out);
	free(attack);
}

static void put_findings(const struct report *report, const struct finding *const *order,
			 FILE *out)
{
	const struct finding *last = NULL;

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = order[i];

		if (!finding_counts(f))
			continue;
		if (!last)
			fputs("<h2>Findings</h2>\n", out);
		if (!last || last->rule != f->rule) {
			if (last)
				put_attack(out, last);
			put_rule(report, f->rule, out);
		}
		put_finding(report, f, out);
		last = f;
	}
	if (last)
		put_attack(out, last);
}

/* Those that do not count. */
static void put_apart(const struct report *report, const struct finding *const *order,
		      FILE *out)
{
	struct severity_counts counts;

	count_findings(report, &counts);
	if (counts.suppressed + counts.baseline == 0)
		return;
	fputs("<details class=\"box\"><summary>Suppressed, or known from the baseline"
	      "</summary><ul>\n",
	      out);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = order[i];

		if (finding_counts(f))
			continue;
		fprintf(out, "<li>%s: <code>%s</code> ",
			f->suppressed ? "suppressed" : "known", rules[f->rule].name);
		html_element(out, "code", NULL, f->path);
		fputs("</li>\n", out);
	}
	fputs("</ul></details>\n", out);
}

void report_html(const struct report *report, FILE *out)
{
	const struct finding **order = findings_in_order(report);

	fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" "
	      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	      "<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<title>privtmp: ",
	      out);
	html_text(out, report->command_line ? report->command_line : "report");
	fprintf(out, "</title>\n<style>\n%s</style></head>\n<body>\n", html_style);
	put_head(report, out);
	if (order) {
		put_findings(report, order, out);
		put_apart(report, order, out);
	}
	html_timeline(report, out);
	html_processes(report, out);
	fputs("</body></html>\n", out);
	free(order);
}
