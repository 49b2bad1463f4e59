/** What is documented inside the product: the API and the keys. */
import { Icon } from "../../parts/Icon";
import { KeyList } from "../../keys/KeyList";
import { t } from "../../text/en";

export default function Docs() {
  return (
    <div class="page">
      <h1>{t.docs.title}</h1>
      <section class="panel" aria-labelledby="docs-api">
        <header class="panel-head">
          <h2 id="docs-api">{t.docs.api}</h2>
        </header>
        <div class="padded docs-api">
          <p>{t.docs.apiText}</p>
          <a class="button" href="/api/docs">
            <Icon name="link" />
            {t.docs.browse}
          </a>
          <a class="link" href="/api/openapi.json">
            {t.docs.document}
          </a>
        </div>
      </section>
      <section class="panel" aria-labelledby="docs-keys">
        <header class="panel-head">
          <h2 id="docs-keys">{t.keys.title}</h2>
        </header>
        <div class="padded">
          <KeyList />
        </div>
      </section>
    </div>
  );
}
