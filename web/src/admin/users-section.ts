import type { CSSResultGroup, TemplateResult } from "lit";
import { LitElement, css, html } from "lit";
import { customElement, query } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";

import { isProblem } from "../api/api-problem.js";
import type { User } from "../api/schema-names.js";
import { api } from "../api/server.js";
import { buttonStyle, hiddenTextStyle } from "../button-style.js";
import { blockStyle, emptyBlock } from "../forms/blocks.js";
import { choice, field } from "../forms/field.js";
import { formStyle } from "../forms/form-style.js";
import { FormValues } from "../forms/form-values.js";
import { PagedList, pagedList } from "../forms/paged-list.js";
import { session } from "../session/current.js";
import { SessionWatch } from "../session/session-watch.js";
import { sectionStyle } from "../settings/section-style.js";
import { roleNames, usersTexts } from "../texts/admin.js";
import "./user-row.js";
import type { UserFilter } from "./user-filter.js";
import { readUserFilter } from "./user-filter.js";

/** Everybody who has an account here. */
@customElement("rillcast-admin-users")
export class AdminUsers extends LitElement {
  static override styles: CSSResultGroup = [
    buttonStyle,
    hiddenTextStyle,
    formStyle,
    blockStyle,
    sectionStyle,
    css`
      section > form.filter {
        grid-template-columns: 1fr 1fr;
        gap: var(--space-3);
        align-items: end;
        max-width: none;
      }
      .filter .field:first-child,
      .filter button {
        grid-column: 1 / -1;
      }
      @media (min-width: 44rem) {
        section > form.filter {
          grid-template-columns: minmax(0, 1fr) 9.5rem 8.5rem auto;
        }
        .filter .field:first-child,
        .filter button {
          grid-column: auto;
        }
      }
    `,
  ];

  @query("form") private readonly form!: HTMLFormElement;
  readonly #session = new SessionWatch(this);
  #filter: UserFilter = {};
  readonly #list = new PagedList<User>(this, async (cursor, signal) => {
    const query = cursor === undefined ? this.#filter : { ...this.#filter, cursor };
    return (await api.get("/admin/users", { query, signal })).body;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.load();
  }

  override render(): TemplateResult {
    return html`<section aria-labelledby="heading">
      <h2 id="heading">${usersTexts.heading}</h2>
      <form class="filter" role="search" @submit=${this.#onFilter} @change=${this.#onChange}>
        ${field({
          name: "q",
          label: usersTexts.words,
          type: "search",
          maxLength: 254,
          isOptional: true,
        })}
        ${choice({
          name: "role",
          label: usersTexts.role,
          value: "",
          choices: [
            ["", usersTexts.anyRole],
            ["user", roleNames.user],
            ["admin", roleNames.admin],
          ],
        })}
        ${choice({
          name: "state",
          label: usersTexts.state,
          value: "",
          choices: [
            ["", usersTexts.anyState],
            ["active", usersTexts.active],
            ["suspended", usersTexts.suspendedOnly],
          ],
        })}
        <button type="submit">${usersTexts.filter}</button>
      </form>
      ${pagedList(
        this.#list,
        (users) => this.#renderUsers(users),
        () => emptyBlock(usersTexts.empty, usersTexts.emptyText),
      )}
    </section>`;
  }

  #renderUsers(users: readonly User[]): TemplateResult {
    const own = this.#session.me?.id;
    return html`<ul class="rows">
      ${repeat(
        users,
        ({ id }) => id,
        (user) =>
          html`<li>
            <rillcast-admin-user
              .user=${user}
              .isOwn=${user.id === own}
              @changed=${() => void this.#onChanged(user)}
            ></rillcast-admin-user>
          </li>`,
      )}
    </ul>`;
  }

  readonly #onFilter = (event: Event): void => {
    event.preventDefault();
    this.#find();
  };

  readonly #onChange = (event: Event): void => {
    if (event.target instanceof HTMLSelectElement) this.#find();
  };

  #find(): void {
    this.#filter = readUserFilter(new FormValues(this.form));
    this.#list.show([]);
    void this.#list.load();
  }

  /** Shows an account as it is now; one that is gone leaves the list. */
  async #onChanged({ id }: User): Promise<void> {
    if (id === this.#session.me?.id) void session.refresh();
    let now: User | null = null;
    try {
      now = (await api.get("/admin/users/{account_id}", { path: { account_id: id } })).body;
    } catch (error) {
      if (!isProblem(error, "not-found")) return; // the list may be a little old now
    }
    const users = this.#list.items.flatMap((user) =>
      user.id !== id ? [user] : now === null ? [] : [now],
    );
    this.#list.show(users);
  }
}
