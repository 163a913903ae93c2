/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pieces of an HTML page; see html.h. */
#include "html.h"
#include "show.h"

#include <stdlib.h>

static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		default: putc(*text, out);
		}
}

static void text_as(FILE *out, const char *text, unsigned how)
{
	char *shown = NULL;
	size_t size;
	FILE *memory = text ? open_memstream(&shown, &size) : NULL;

	if (!memory)
		return;
	show_as(memory, text, how | SHOW_UTF8);
	if (fclose(memory) == 0)
		put_escaped(out, shown);
	free(shown);
}

void html_text(FILE *out, const char *text)
{
	text_as(out, text, 0);
}

void html_quoted(FILE *out, const char *text)
{
	text_as(out, text, SHOW_QUOTED);
}

void html_element(FILE *out, const char *tag, const char *class, const char *text)
{
	if (!text || !*text)
		return;
	fprintf(out, class ? "<%s class=\"%s\">" : "<%s>", tag, class);
	html_text(out, text);
	fprintf(out, "</%s>", tag);
}

const char html_style[] =
	":root{color-scheme:light dark;"
	"--page:#fbfbfa;--card:#fff;--ink:#1d2126;--soft:#5a626c;--rule:#dcdfe3;"
	"--code:#f0f1f3;--high:#b3261e;--medium:#8f5300;--low:#1a5fb4;--note:#5a626c;"
	"--made:#1b7f43;--opened:#1a5fb4;--renamed:#8a3ab9;--removed:#b3261e;"
	"--left:#8f5300;--life:#aab2bc}\n"
	"@media(prefers-color-scheme:dark){:root{"
	"--page:#14171b;--card:#1c2026;--ink:#e6e8eb;--soft:#a3abb5;--rule:#343a43;"
	"--code:#272c34;--high:#ff8a80;--medium:#f0b45a;--low:#8ab8ff;--note:#a3abb5;"
	"--made:#66d394;--opened:#8ab8ff;--renamed:#d7a3f5;--removed:#ff8a80;"
	"--left:#f0b45a;--life:#59626e}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:75rem;padding:1rem clamp(.75rem,3vw,2rem);"
	"background:var(--page);color:var(--ink);"
	"font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\n"
	"h1{font-size:1.35rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}"
	"h3{font-size:1rem;margin:0 0 .25rem}p{margin:.35rem 0}\n"
	"code,pre,.path{font:.875rem/1.45 ui-monospace,monospace;unicode-bidi:isolate}"
	"h1 code{font-size:1.1rem}h3 .path{font-weight:600}"
	"h3 .soft{font-weight:400;font-size:.875rem}\n"
	"pre{margin:.35rem 0;padding:.5rem .75rem;background:var(--code);"
	"border-radius:.3rem;white-space:pre-wrap}\n"
	".soft,dt,summary,.axis{color:var(--soft)}\n"
	".rule,.box{background:var(--card);border:1px solid var(--rule);"
	"border-radius:.5rem;padding:.75rem 1rem;margin:0 0 1rem}\n"
	".rule>h2{margin:.2rem 0}"
	".finding{margin:.6rem 0 0;border-top:1px solid var(--rule);padding:.6rem 0}\n"
	".rule>details{border-top:1px solid var(--rule);padding:.5rem 0 0}\n"
	"summary{cursor:pointer}\n"
	".mark{display:inline-block;border:1px solid currentColor;border-radius:1rem;"
	"padding:0 .6rem;font-size:.8rem;font-weight:600;margin:0 .4rem 0 0;"
	"vertical-align:.1em}\n"
	".high{color:var(--high)}.medium{color:var(--medium)}.low{color:var(--low)}"
	".note{color:var(--note)}\n"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:0 .75rem;"
	"margin:.35rem 0}dd{margin:0;min-width:0}\n"
	"ul{margin:0;padding-left:1.1rem}li{margin:.15rem 0}\n"
	".row{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);"
	"gap:0 1rem;align-items:center;border-top:1px solid var(--rule);padding:.35rem 0}\n"
	".row:first-of-type{border-top:0}\n"
	".axis{display:flex;justify-content:space-between;font-size:.8rem}\n"
	".key{display:flex;flex-wrap:wrap;gap:.15rem 1rem;font-size:.85rem;"
	"margin:0 0 .5rem}.key svg{width:1rem;height:1rem;vertical-align:-.15rem}\n"
	"svg{display:block;width:100%;height:1.5rem;overflow:visible}"
	".key svg{display:inline-block}\n"
	".life{stroke:var(--life);stroke-width:3}.tick{stroke:var(--rule)}\n"
	".made{color:var(--made)}.opened{color:var(--opened)}"
	".renamed{color:var(--renamed)}.removed{color:var(--removed)}"
	".left{color:var(--left)}\n"
	"@media(max-width:44rem){.row{grid-template-columns:minmax(0,1fr)}"
	".row .none{display:none}"
	".rule,.box{padding:.6rem .7rem}}\n";
