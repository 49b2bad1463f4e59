/** A page whose source is not connected: says so instead of showing zeros. */
import { Empty } from "../../parts/Empty";
import { t } from "../../text/en";

export default function Absent(props: { subject: string }) {
  const isSetting = () => props.subject.startsWith("settings/");
  const name = () => t.absent.subjects[props.subject] ?? t.absent.setting;
  return (
    <div class="page">
      <section class="panel">
        <Empty level={1} title={t.absent.title(name())} text={isSetting() ? t.absent.settingsText : t.absent.text}>
          <a class="button" href={isSetting() ? "/settings/system-general" : "/"}>
            {isSetting() ? t.settings.title : t.absent.overview}
          </a>
        </Empty>
      </section>
    </div>
  );
}
